package dev.cairn.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cairn.engine.Database;
import dev.cairn.sql.ScriptRunner.Verbosity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Scripts whose output was recorded from PostgreSQL 15's psql ({@code psql -X -v VERBOSITY=sqlstate}, collation C): ours must be
 * the same to the byte.
 */
class RecordedSessionsTest {

    @TestFactory
    List<DynamicTest> sessions() {
        return recorded("/sessions", Verbosity.SQLSTATE);
    }

    @TestFactory
    List<DynamicTest> corpus() {
        return recorded("/corpus", Verbosity.SQLSTATE);
    }

    /** Errors in PostgreSQL's words. */
    @TestFactory
    List<DynamicTest> messages() {
        return recorded("/messages", Verbosity.DEFAULT);
    }

    private static List<DynamicTest> recorded(String directory, Verbosity verbosity) {
        try {
            Path root = Path.of(Objects.requireNonNull(RecordedSessionsTest.class.getResource(directory))
                    .toURI());
            try (Stream<Path> files = Files.list(root)) {
                List<DynamicTest> tests = files.filter(file -> file.toString().endsWith(".sql"))
                        .sorted()
                        .map(script -> DynamicTest.dynamicTest(
                                script.getFileName().toString(), () -> assertSame(script, verbosity)))
                        .toList();
                assertFalse(tests.isEmpty());
                return tests;
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void assertSame(Path script, Verbosity verbosity) throws IOException {
        Path expected = script.resolveSibling(script.getFileName().toString().replace(".sql", ".out"));
        assertEquals(Files.readString(expected), run(Files.readString(script), verbosity));
    }

    /** What a script prints in a fresh database, both streams together. */
    static String run(String script, Verbosity verbosity) throws IOException {
        Path directory = Files.createTempDirectory("cairn-sql");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (Database database = Database.open(directory);
                SqlEngine engine = new SqlEngine(database);
                PrintStream out = new PrintStream(printed, false, StandardCharsets.UTF_8)) {
            new ScriptRunner(engine.open(), out, out).verbosity(verbosity).run(new StringReader(script));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
