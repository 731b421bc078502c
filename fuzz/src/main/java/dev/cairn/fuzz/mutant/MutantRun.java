package dev.cairn.fuzz.mutant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One engine, changed or not, in the {@link GeneralCampaign}. */
final class MutantRun {

    /** For every engine the same, whatever else the machine does: well within a minute on a quiet one. */
    static final long SEEDS = 60;

    /** Then a seed never ends. */
    private static final long MOST_SECONDS = 600;

    /**
     * What came of it.
     *
     * @param survived whether the campaign saw nothing
     * @param said what caught it, or how much it survived
     * @param seeds that were run
     * @param seconds of the campaign, without the compilation
     */
    record Verdict(boolean survived, String said, long seeds, double seconds) {}

    private final MutantBuild build;

    MutantRun(EngineSources sources) {
        this.build = new MutantBuild(sources);
    }

    /**
     * Builds and runs.
     *
     * @param name of the patch; empty for the engine as it is
     * @param seeds at most so many
     */
    Verdict run(String name, long seeds) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("cairn-mutant");
        try {
            return campaign(build.build(name, scratch), scratch, seeds);
        } finally {
            delete(scratch);
        }
    }

    private static Verdict campaign(Path classes, Path scratch, long seeds) throws IOException, InterruptedException {
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        long begun = System.nanoTime();
        Process child = new ProcessBuilder(command(classes, seeds))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended;
        try {
            ended = child.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        } finally {
            child.destroyForcibly().waitFor();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        String last = last(out);
        if (last.startsWith("clean seeds=")) {
            return new Verdict(
                    true,
                    last,
                    Long.parseLong(last.substring("clean seeds=".length(), last.indexOf(" states"))),
                    seconds);
        }
        if (last.startsWith("caught ")) {
            String[] words = last.split(" ", 4);
            return new Verdict(false, words[3], Long.parseLong(words[1]), seconds);
        }
        String how = ended
                ? "the process ended with exit code " + child.exitValue() + ": " + last(err)
                : "a seed that never ends";
        return new Verdict(false, how, 0, seconds);
    }

    private static List<String> command(Path classes, long seeds) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-cp",
                classes + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                GeneralCampaign.class.getName(),
                Long.toString(seeds)));
        return command;
    }

    private static String last(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.reduce("", (before, line) -> line);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
