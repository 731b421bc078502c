package dev.cairn.tools.campaign;

import dev.cairn.fuzz.workload.Workload;
import dev.cairn.tools.console.ChildJvm;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The campaign "hour": all modes of {@code cairn fuzz} in turn, a process each, as many at a time as there are processors,
 * until the time is over. The report is written anew after each process, so that whatever ends the campaign, what was found
 * stays; a process that breaks or hangs is noted, and the next one begun.
 */
final class HourCampaign {

    /** The modes in turn; the workloads take turns within each. */
    private static final List<String> TURNS =
            List.of("random", "exhaustive", "kill", CampaignPart.CORRUPT, "random", "exhaustive", "kill", "exhaustive");

    private static final List<String> DAMAGES = List.of(CampaignPart.FLIPPED_BITS, CampaignPart.HOSTILE_IMAGES);

    private static final long LONGEST_PART_SECONDS = 60;
    /** Turns that each processor has at least, so that a short campaign knows all modes. */
    private static final long LEAST_PARTS = 8;

    /** One processor for each: as many parts run beside each other as there are. */
    private static final List<String> PART_FLAGS = List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1");

    /** A prime: neighbouring seeds meet neighbouring faults, and each part is to begin somewhere else among them. */
    private static final long SEEDS_OF_A_PART = 1_000_003;

    private static final long GRACE_SECONDS = 300;

    private final Console console;
    private final Class<?> program;
    private final long seconds;
    private final Path reportFile;
    private final CampaignReport report = new CampaignReport();
    private final AtomicInteger next = new AtomicInteger();
    private final long begun = System.nanoTime();
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final long partSeconds;

    /**
     * @param program the command line's main class
     * @param reportFile written over; what the processes say on standard error goes to a file beside it
     */
    HourCampaign(Console console, Class<?> program, long seconds, Path reportFile) {
        this.console = console;
        this.program = program;
        this.seconds = seconds;
        this.reportFile = reportFile.toAbsolutePath();
        this.partSeconds = Math.max(1, Math.min(LONGEST_PART_SECONDS, seconds / LEAST_PARTS));
    }

    int run() throws InterruptedException, IOException {
        Files.deleteIfExists(logFile());
        write();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            Thread worker = new Thread(this::work, "campaign-" + i);
            workers.add(worker);
            worker.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        write();
        console.line("campaign: hour " + (report.isOk() ? "ok" : "FAILED") + " distinct=" + report.total("distinct")
                + " seeds=" + report.total("seeds") + " kills=" + report.total("kills") + " failures="
                + report.total("failures") + " mismatches=" + report.total("mismatches") + " broken="
                + report.broken() + " seconds=" + elapsedSeconds() + " report=" + reportFile);
        return report.isOk() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void work() {
        while (elapsedSeconds() < seconds) {
            runPart(part(next.getAndIncrement()));
            console.progress("campaign: " + elapsedSeconds() + " of " + seconds + " s, " + report.total("distinct")
                    + " distinct states, " + report.total("seeds") + " seeds, " + report.total("kills") + " kills, "
                    + report.total("failures") + " failures");
        }
    }

    private CampaignPart part(int number) {
        int round = number / TURNS.size();
        int turn = number % TURNS.size();
        long seed = 1 + number * SEEDS_OF_A_PART;
        if (TURNS.get(turn).equals(CampaignPart.CORRUPT)) {
            return CampaignPart.ofDamage(DAMAGES.get(round % DAMAGES.size()), seed, partSeconds);
        }
        // Each round of turns begins with the next workload, so that all of them meet all modes.
        List<Workload> workloads = Workload.all();
        Workload workload = workloads.get((turn + round) % workloads.size());
        return CampaignPart.of(TURNS.get(turn), workload.name(), seed, partSeconds);
    }

    private void runPart(CampaignPart part) {
        try {
            report.add(process(part));
            write();
        } catch (IOException | RuntimeException e) {
            report.addBroken(part, e.toString());
        } catch (InterruptedException e) {
            report.addBroken(part, "interrupted");
            Thread.currentThread().interrupt();
        }
    }

    private CampaignPart.Result process(CampaignPart part) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(ChildJvm.command(program, PART_FLAGS, part.arguments()))
                .redirectError(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start();
        Thread onExit = new Thread(() -> end(child), "end a part of the campaign");
        Runtime.getRuntime().addShutdownHook(onExit);
        Future<?> watchdog = CompletableFuture.runAsync(
                () -> end(child), CompletableFuture.delayedExecutor(partSeconds + GRACE_SECONDS, TimeUnit.SECONDS));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> output = lines.lines().toList();
            return part.result(child.waitFor(), output);
        } finally {
            watchdog.cancel(false);
            end(child);
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }

    /** With the processes that it has started itself. */
    private static void end(Process child) {
        child.descendants().forEach(ProcessHandle::destroyForcibly);
        child.toHandle().destroyForcibly();
    }

    private synchronized void write() throws IOException {
        String heading = LocalDate.now() + ", JDK " + Runtime.version().feature() + ", " + processors + " processors, "
                + elapsedSeconds() + " s: `./cairn campaign hour --time=" + seconds + "s`";
        Files.writeString(reportFile, report.markdown(heading), StandardCharsets.UTF_8);
    }

    private Path logFile() {
        return reportFile.resolveSibling(reportFile.getFileName() + ".log");
    }

    private long elapsedSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    }
}
