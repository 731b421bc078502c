package dev.cairn.tools.demo;

import dev.cairn.tools.console.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The parent's side of the child process: counts what it acknowledges, and kills it. */
final class DemoChild {

    /** So that PostgreSQL's limit of 64 is passed in the transaction that dies. */
    private static final int LEAST_SAVEPOINTS = 66;

    /** On a disk that takes 100 ms for a sync the demo is still short. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);

    /**
     * What the parent saw.
     *
     * @param acknowledged commits whose acknowledgement arrived, those read from the pipe after the kill included
     * @param importSavepoints savepoints that the unfinished transaction had taken at least
     * @param exitCode 137 after SIGKILL
     */
    record Witness(long pid, long acknowledged, int importSavepoints, int exitCode, long nanos) {}

    private final long seed;
    private long acknowledged;
    private int importSavepoints;

    private DemoChild(long seed) {
        this.seed = seed;
    }

    /** Runs a child on the database until it has been killed in the middle of its work. */
    static Witness runAndKill(Path database, long seed) throws IOException, InterruptedException {
        return new DemoChild(seed).run(database);
    }

    private Witness run(Path database) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        long target = 400L + random.nextInt(400);
        long delayNanos = random.nextInt(2_000_000);
        long begun = System.nanoTime();
        Process child = new ProcessBuilder(
                        ChildJvm.command(DemoWriter.class, List.of(), List.of(database.toString(), "" + seed)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader pipe =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            boolean running = true;
            while (running && !isEnough(target, begun)) {
                running = count(pipe.readLine());
            }
            long until = System.nanoTime() + delayNanos;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            // Through the handle: the process's own method would close the pipe, and what is still in it must be
            // counted.
            child.toHandle().destroyForcibly();
            while (running) {
                running = count(pipe.readLine());
            }
            int exitCode = child.waitFor();
            return new Witness(child.pid(), acknowledged, importSavepoints, exitCode, System.nanoTime() - begun);
        } finally {
            child.destroyForcibly();
        }
    }

    private boolean isEnough(long target, long begun) {
        boolean late = System.nanoTime() - begun > LONGEST_NANOS;
        boolean reached = acknowledged >= target && importSavepoints >= LEAST_SAVEPOINTS;
        return reached || (acknowledged > 0 && late);
    }

    /** @return false at the end of the pipe */
    private boolean count(@org.jspecify.annotations.Nullable String line) throws IOException {
        if (line == null) {
            return false;
        }
        if (line.startsWith(DemoWriter.ACKNOWLEDGED)) {
            long batch = Long.parseLong(line.substring(DemoWriter.ACKNOWLEDGED.length()));
            if (batch != ++acknowledged) {
                throw new IOException("the child acknowledged batch " + batch + " after batch " + (acknowledged - 1));
            }
        } else if (line.startsWith(DemoWriter.SAVEPOINTS)) {
            importSavepoints = Integer.parseInt(line.substring(DemoWriter.SAVEPOINTS.length()));
        }
        return true;
    }
}
