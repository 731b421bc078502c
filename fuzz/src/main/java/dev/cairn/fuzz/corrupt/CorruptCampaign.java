package dev.cairn.fuzz.corrupt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Damage, trial after trial, in child processes with little memory: bits of a reference database flipped one at a time, or
 * images that lie. Used by one thread.
 */
public final class CorruptCampaign {

    private static final String HEAP = "-Xmx64m";
    private static final int NOT_A_NUMBER = -1;

    /** What is done. */
    public enum Scope {
        /** One bit of every byte. */
        BYTES,
        /** Every bit. */
        EXHAUSTIVE,
        /** Images with valid checksums over wrong content. */
        HOSTILE
    }

    /**
     * What to do.
     *
     * @param seed of the reference and of what is chosen at random
     * @param only the one trial to run; negative for all
     * @param step 1 for every trial, n for every n-th
     * @param count the number behind the last trial; what there is may be less
     * @param timeNanos no trial is begun much later than this; 0 for no limit
     */
    public record Options(Scope scope, long seed, long only, long step, long count, long timeNanos) {
        public Options {
            if (step < 1 || count < 1 || timeNanos < 0) {
                throw new IllegalArgumentException("step and count are positive, time is not negative");
            }
        }
    }

    /**
     * A trial that failed.
     *
     * @param reproduce the command that fails again
     */
    public record Failure(String reproduce, String text) {}

    /**
     * The whole campaign.
     *
     * @param trials images judged
     * @param refused of them, those that opening refused
     * @param atReading those where reading gave a typed error
     * @param byVerify those that read right and that verification found damaged
     * @param unreferenced those where nothing that anybody needs was damaged
     */
    public record Summary(
            Scope scope,
            long seed,
            long trials,
            long refused,
            long atReading,
            long byVerify,
            long unreferenced,
            long failures,
            long perSecond) {

        public boolean isOk() {
            return failures == 0 && trials > 0;
        }

        /** How the damage came to light. */
        public String details() {
            return "corrupt: " + scope.name().toLowerCase(Locale.ROOT) + " refused=" + refused + " at_reading="
                    + atReading + " by_verify=" + byVerify + " unreferenced=" + unreferenced;
        }

        /** The last line on standard output. */
        public String line() {
            return "fuzz: mode=corrupt seed=" + seed + " seeds=1 states=" + trials + " distinct=" + trials
                    + " kills=0 failures=" + failures + " reruns=0 mismatches=0 per_second_core=" + perSecond;
        }

        /** Both as one JSON object. */
        public String json() {
            return "{\"mode\":\"corrupt\",\"scope\":\"" + scope.name().toLowerCase(Locale.ROOT) + "\",\"seed\":" + seed
                    + ",\"seeds\":1,\"states\":" + trials + ",\"distinct\":" + trials + ",\"kills\":0,\"failures\":"
                    + failures + ",\"reruns\":0,\"mismatches\":0,\"per_second_core\":" + perSecond + ",\"refused\":"
                    + refused + ",\"at_reading\":" + atReading + ",\"by_verify\":" + byVerify
                    + ",\"unreferenced\":" + unreferenced + "}";
        }
    }

    private final Options options;
    private final Consumer<Failure> failures;
    private final Consumer<String> progress;
    private final long[] counts = new long[Outcome.values().length];
    private final long[] fromChild = new long[Outcome.values().length];
    private long failed;
    private long reached;
    private boolean finished;

    /**
     * @param failures told of each trial that fails, when it does
     * @param progress told every now and then how far it is, for people
     */
    public CorruptCampaign(Options options, Consumer<Failure> failures, Consumer<String> progress) {
        this.options = options;
        this.failures = failures;
        this.progress = progress;
    }

    /** @throws IOException if no process can be started, or one ends before it has judged anything */
    public Summary run() throws IOException {
        long begun = System.nanoTime();
        long next = Math.max(0, options.only());
        long to = options.only() >= 0 ? options.only() + 1 : options.count();
        while (next < to && !finished && !isOver(begun)) {
            next = child(next, to, begun);
        }
        long trials = judged();
        double seconds = (double) Math.max(1, System.nanoTime() - begun) / TimeUnit.SECONDS.toNanos(1);
        return new Summary(
                options.scope(),
                options.seed(),
                trials,
                counts[Outcome.REFUSED.ordinal()],
                counts[Outcome.AT_READING.ordinal()],
                counts[Outcome.BY_VERIFY.ordinal()],
                counts[Outcome.UNREFERENCED.ordinal()],
                failed,
                (long) (trials / seconds));
    }

    private long judged() {
        return failed + Arrays.stream(counts).sum() + Arrays.stream(fromChild).sum();
    }

    private boolean isOver(long begun) {
        return options.timeNanos() > 0 && System.nanoTime() - begun > options.timeNanos();
    }

    /** Runs a process until it ends or the time is over; returns where the next one has to go on. */
    private long child(long from, long to, long begun) throws IOException {
        reached = from;
        Process process = new ProcessBuilder(command(from, to))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long skip = NOT_A_NUMBER;
        boolean spoke = false;
        try (BufferedReader pipe =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = pipe.readLine();
            while (line != null && !isOver(begun)) {
                spoke = true;
                skip = Math.max(skip, take(line));
                line = pipe.readLine();
            }
        } finally {
            process.destroyForcibly();
        }
        if (!spoke && !isOver(begun)) {
            throw new IOException("the process that is to judge trials ended before the first one");
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] += fromChild[i];
            fromChild[i] = 0;
        }
        if (skip < 0 && !finished && !isOver(begun)) {
            long last = reached + (DamageChild.TRIALS_PER_REPORT - 1) * options.step();
            skip = last;
            fail(reached, "the process died at one of the trials from " + reached + " to " + last);
        }
        return skip < 0 ? to : skip + options.step();
    }

    /** Takes a line in; returns the number of the trial that ended the process, or a negative one. */
    private long take(String line) {
        String[] words = line.split(" ", 3);
        long number = Long.parseLong(words[1]);
        switch (words[0]) {
            case "failed" -> fail(number, words[2]);
            case "hangs" -> {
                fail(number, "trial " + number + " takes more than ten seconds");
                return number;
            }
            default -> {
                reached = number;
                finished = words[0].equals("done");
                String[] total = words[2].split(" ", -1);
                for (int i = 0; i < total.length; i++) {
                    fromChild[i] = Long.parseLong(total[i]);
                }
                progress.accept(judged() + " images judged, at number " + number);
            }
        }
        return NOT_A_NUMBER;
    }

    private void fail(long number, String text) {
        failed++;
        String scope = switch (options.scope()) {
            case BYTES -> "";
            case EXHAUSTIVE -> " --exhaustive";
            case HOSTILE -> " --hostile";
        };
        failures.accept(
                new Failure("./cairn fuzz corrupt" + scope + " --seed=" + options.seed() + " --trial=" + number, text));
    }

    private List<String> command(long from, long to) {
        Trials.Kind kind = switch (options.scope()) {
            case BYTES -> Trials.Kind.BYTES;
            case EXHAUSTIVE -> Trials.Kind.BITS;
            case HOSTILE -> Trials.Kind.HOSTILE;
        };
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                DamageChild.class.getName(),
                kind.name(),
                Long.toString(options.seed()),
                Long.toString(from),
                Long.toString(to),
                Long.toString(options.step())));
        return command;
    }
}
