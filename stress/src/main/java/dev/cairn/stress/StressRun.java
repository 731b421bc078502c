package dev.cairn.stress;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.TestGrading;
import org.openjdk.jcstress.infra.runners.TestList;

/** All tests once, in a child process that starts more; judged by the file that it leaves. */
final class StressRun {

    /** How much is run of each test. */
    enum Extent {
        /** One JVM each, for less than a second: part of the ordinary tests. */
        SLICE(List.of("-jvmArgs", "-XX:+UseSerialGC -Xmx256m", "-sc", "false", "-iters", "1", "-time", "100")),
        /** The same for longer, as what is wrong may take more than a moment to show. */
        LONG(List.of("-jvmArgs", "-XX:+UseSerialGC -Xmx256m", "-sc", "false", "-iters", "1", "-time", "500")),
        /** In each way in which jcstress has the JVM compile and lock, the same for both threads. */
        FULL(List.of("-jvmArgsPrepend", "-XX:+UseSerialGC -Xmx256m", "-sc", "false", "-iters", "1", "-time", "500"));

        private final List<String> options;

        Extent(List<String> options) {
            this.options = options;
        }
    }

    /** Binding threads to processors needs native code; a race that sleeps needs those of others to go on. */
    private static final List<String> ALWAYS = List.of(
            "-f",
            "1",
            "-af",
            "NONE",
            "-spinStyle",
            "THREAD_YIELD",
            "-strideSize",
            "16",
            "-strideCount",
            "8",
            "-pth",
            "false");

    private static final long MOST_MINUTES = 60;
    private static final long MOST_LINES_SAID = 3;

    private final Extent extent;

    StressRun(Extent extent) {
        this.extent = extent;
    }

    /**
     * Runs all tests.
     *
     * @param instead classes that take the place of the engine's; null for the engine as it is
     * @return one result for each test, by name
     */
    List<StressResult> run(@Nullable Path instead) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("cairn-stress");
        try {
            Path said = scratch.resolve("said");
            Process child = new ProcessBuilder(command(instead))
                    .directory(scratch.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            try {
                if (!child.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("jcstress has not ended after " + MOST_MINUTES + " minutes");
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
            return judge(results(scratch, said));
        } finally {
            delete(scratch);
        }
    }

    private List<String> command(@Nullable Path instead) {
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                instead == null ? classPath : instead + File.pathSeparator + classPath,
                Main.class.getName()));
        command.addAll(ALWAYS);
        command.addAll(extent.options);
        return command;
    }

    private static Collection<TestResult> results(Path scratch, Path said) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(scratch)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(".bin.gz"))
                    .toList();
        }
        if (files.size() != 1) {
            throw new IllegalStateException(
                    "jcstress has left no results:\n" + new String(Files.readAllBytes(said), StandardCharsets.UTF_8));
        }
        InProcessCollector collector = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(files.get(0).toString(), collector);
        try {
            reader.dump();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("results of another jcstress", e);
        } finally {
            reader.close();
        }
        return collector.getTestResults();
    }

    private static List<StressResult> judge(Collection<TestResult> results) {
        List<StressResult> judged = new ArrayList<>();
        for (String test : new TreeSet<>(TestList.tests())) {
            Map<String, Long> outcomes = new TreeMap<>();
            TreeSet<String> trouble = new TreeSet<>();
            for (TestResult result : results) {
                if (result.getName().equals(test)) {
                    result.getStateKeys()
                            .forEach(outcome -> outcomes.merge(outcome, result.getCount(outcome), Long::sum));
                    TestGrading grading = TestGrading.grade(result);
                    trouble.addAll(grading.failureMessages);
                    if (result.status() != Status.NORMAL) {
                        trouble.add(result.status() + said(result));
                    }
                }
            }
            if (outcomes.isEmpty() && trouble.isEmpty()) {
                trouble.add("it did not run");
            }
            judged.add(new StressResult(test, trouble.isEmpty(), outcomes, String.join("; ", trouble)));
        }
        return judged;
    }

    private static String said(TestResult result) {
        return result.getMessages().stream()
                .limit(MOST_LINES_SAID)
                .map(String::strip)
                .collect(Collectors.joining(", ", " (", ")"));
    }

    static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
