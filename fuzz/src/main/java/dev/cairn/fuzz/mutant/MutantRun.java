package dev.cairn.fuzz.mutant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One engine, changed or not, in the {@link GeneralCampaign}. */
final class MutantRun {

    /** For every engine the same, whatever else the machine does: within a minute on a quiet one. */
    static final long ROUNDS = 4;

    private static final Pattern CLEAN = Pattern.compile("clean parts=(\\d+) states=\\d+ cpu=([0-9.]+)");
    private static final Pattern CAUGHT = Pattern.compile("caught (\\d+) cpu=([0-9.]+) in (.*)");

    /** Then all of the campaign's threads wait for something that does not come. */
    private static final long MOST_SECONDS = 600;

    /**
     * What came of it.
     *
     * @param survived whether the campaign saw nothing
     * @param said what caught it, or how much it survived
     * @param parts that were run; 0 if the process did not tell
     * @param cpuSeconds of the campaign, without the compilation
     */
    record Verdict(boolean survived, String said, long parts, double cpuSeconds) {}

    private final MutantBuild build;

    MutantRun(EngineSources sources) {
        this.build = new MutantBuild(sources);
    }

    /**
     * Builds and runs.
     *
     * @param name of the patch; empty for the engine as it is
     * @param rounds so many
     */
    Verdict run(String name, long rounds) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("cairn-mutant");
        try {
            return campaign(name, build.build(name, scratch), scratch, rounds);
        } finally {
            delete(scratch);
        }
    }

    private static Verdict campaign(String name, Path classes, Path scratch, long rounds)
            throws IOException, InterruptedException {
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        Process child = new ProcessBuilder(command(classes, rounds))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended;
        try {
            ended = child.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        } finally {
            child.destroyForcibly().waitFor();
        }
        Matcher clean = CLEAN.matcher(last(out));
        if (clean.matches()) {
            return new Verdict(true, clean.group(), Long.parseLong(clean.group(1)), Double.parseDouble(clean.group(2)));
        }
        Matcher caught = CAUGHT.matcher(last(out));
        if (caught.matches()) {
            return new Verdict(
                    false, caught.group(3), Long.parseLong(caught.group(1)), Double.parseDouble(caught.group(2)));
        }
        if (!ended) {
            return new Verdict(false, "it stands still", 0, MOST_SECONDS);
        }
        throw new PatchException(
                name,
                "its campaign ended with exit code " + child.exitValue() + " and without a verdict: " + first(err));
    }

    private static List<String> command(Path classes, long rounds) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                // A process of a minute is over before the second compiler has earned what it takes.
                "-XX:TieredStopAtLevel=1",
                "-Xmx1g",
                "-cp",
                classes + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                GeneralCampaign.class.getName(),
                Long.toString(rounds)));
        return command;
    }

    private static String last(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.reduce("", (before, line) -> line);
        }
    }

    private static String first(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.contains("Exception") || line.contains("Error"))
                    .findFirst()
                    .orElse("it said nothing");
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
