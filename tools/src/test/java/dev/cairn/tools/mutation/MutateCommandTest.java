package dev.cairn.tools.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.Repository;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.UnreadableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MutateCommandTest {

    @TempDir
    private Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void documents() throws IOException {
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(
                root.resolve("docs/mutation-survivors.txt"),
                "# why\n\nGroupCommit lead *: only more waiting\nLog * Math: a count\nOld gone Math: was so\n");
        Files.writeString(
                root.resolve("docs/TESTING.md"),
                "before\n<!-- survivors: begin -->\nold\n<!-- survivors: end -->\nafter\n");
    }

    private static String mutant(String status, String type, String method, String mutator) {
        return "<mutation detected='x' status='" + status + "'><mutatedClass>dev.cairn.wal." + type
                + "</mutatedClass><mutatedMethod>" + method + "</mutatedMethod><lineNumber>7</lineNumber><mutator>"
                + "org.pitest.mutationtest.engine.gregor.mutators." + mutator + "Mutator</mutator><description>changed"
                + "</description></mutation>\n";
    }

    private int judge(String mutants, String... more) throws IOException {
        Path report = root.resolve("mutations.xml");
        Files.writeString(report, "<?xml version=\"1.0\"?>\n<mutations>\n" + mutants + "</mutations>\n");
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        String[] arguments =
                Stream.concat(Stream.of("--report=" + report), Stream.of(more)).toArray(String[]::new);
        CommandLine line = new CommandLine(new MutateCommand(console, root));
        line.setExecutionExceptionHandler((failure, at, parsed) -> {
            throw failure;
        });
        return line.execute(arguments);
    }

    private static String killed(int count) {
        return mutant("KILLED", "Log", "append", "Math").repeat(count);
    }

    @Test
    void theScoreIsOfAllMutantsAndDecides() throws IOException {
        String survivors = mutant("SURVIVED", "Log", "append", "Math") + mutant("NO_COVERAGE", "Log", "x", "Math");
        assertEquals(
                0,
                judge(killed(9)
                        + mutant("TIMED_OUT", "Log", "a", "Math").repeat(2)
                        + mutant("RUN_ERROR", "Log", "a", "Math")
                        + survivors));
        assertEquals("mutation: score=85.7 killed=12 survived=2\n", out.toString(StandardCharsets.UTF_8));
        out.reset();
        assertEquals(1, judge(killed(11) + survivors));
        assertEquals("mutation: score=84.6 killed=11 survived=2\n", out.toString(StandardCharsets.UTF_8));
        out.reset();
        assertEquals(1, judge(killed(16_999) + survivors.repeat(1_500) + survivors));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("score=84.9"), "never rounded up");
    }

    @Test
    void survivorsWithoutAReasonAndReasonsWithoutASurvivorAreTold() throws IOException {
        judge(killed(50)
                + mutant("SURVIVED", "GroupCommit", "lead", "VoidMethodCall")
                + mutant("SURVIVED", "Log", "lambda$read$3", "Math")
                + mutant("SURVIVED", "Log", "read", "VoidMethodCall"));
        assertEquals(
                "survived without a reason in docs/mutation-survivors.txt: Log read VoidMethodCall, line 7: changed\n"
                        + "no such survivor any more, see docs/mutation-survivors.txt: Old gone Math\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theTableIsWrittenInItsPlace() throws IOException {
        judge(
                killed(50)
                        + mutant("SURVIVED", "Log", "lambda$read$3", "Math").repeat(2)
                        + mutant("SURVIVED", "GroupCommit", "lead", "VoidMethodCall")
                        + mutant("SURVIVED", "Log", "read", "VoidMethodCall"),
                "--write");
        assertEquals("""
                before
                <!-- survivors: begin -->

                `mutation: score=92.5 killed=50 survived=4`

                | where | mutation | mutants | why it survives |
                |---|---|---:|---|
                | `GroupCommit.lead` | VoidMethodCall | 1 | only more waiting |
                | `Log.read` | Math | 2 | a count |
                | `Log.read` | VoidMethodCall | 1 | not judged yet |

                <!-- survivors: end -->
                after
                """, Files.readString(root.resolve("docs/TESTING.md")));
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        assertThrows(UnreadableException.class, () -> MutationReport.read(root.resolve("docs/TESTING.md")));
        Path odd = root.resolve("odd.xml");
        Files.writeString(odd, "<mutations>" + mutant("STARTED", "Log", "a", "Math") + "</mutations>");
        assertThrows(UnreadableException.class, () -> MutationReport.read(odd));
        Files.writeString(odd, "<mutations></mutations>");
        assertThrows(UnreadableException.class, () -> MutationReport.read(odd));
        Files.writeString(root.resolve("docs/mutation-survivors.txt"), "Log Math: too few words\n");
        assertThrows(
                UnreadableException.class, () -> SurvivorReasons.read(root.resolve("docs/mutation-survivors.txt")));
    }

    /** Each reason is of a class that there is, and the document lists no row that has lost its reason. */
    @Test
    void reasonsAreOfTheCodeAsItIs() throws IOException {
        Map<String, Path> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Repository.root())) {
            files.filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains("/src/main/"))
                    .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
        }
        SurvivorReasons reasons = SurvivorReasons.read(Repository.root().resolve("docs/mutation-survivors.txt"));
        for (SurvivorReasons.Reason reason : reasons.reasons()) {
            Path source = sources.get(reason.className().replaceAll("\\$.*", ""));
            assertTrue(source != null, "no class of " + reason);
            assertTrue(
                    reason.method().matches("\\*|<init>|<clinit>")
                            || Files.readString(source).matches("(?s).*\\b" + reason.method() + "\\b.*"),
                    "no method of " + reason);
        }
    }
}
