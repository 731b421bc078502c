package dev.cairn.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.tools.console.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a process of its own, as the launcher starts it, both streams into one file. */
class LauncherLikeTest {

    @TempDir
    private Path scratch;

    private String run(Path input, int expectedExitCode, String... arguments) throws IOException, InterruptedException {
        Path output = scratch.resolve("output");
        Process process = new ProcessBuilder(ChildJvm.command(Cairn.class, List.of(), List.of(arguments)))
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int exitCode = process.waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(expectedExitCode, exitCode, text);
        return text;
    }

    private void session(String name) throws IOException, InterruptedException {
        Path sessions = Repository.root().resolve("sql/src/test/resources/sessions");
        assertEquals(
                Files.readString(sessions.resolve(name + ".out"), StandardCharsets.UTF_8),
                run(
                        sessions.resolve(name + ".sql"),
                        0,
                        "sql",
                        "--verbosity",
                        "sqlstate",
                        scratch.resolve("db").toString()));
    }

    @Test
    void theFirstSession() throws IOException, InterruptedException {
        session("01-first-savepoint");
    }

    @Test
    void errorsAndRowsComeInTheOrderOfTheStatements() throws IOException, InterruptedException {
        session("03-failed-state");
    }

    @Test
    void aUsageErrorIsTwo() throws IOException, InterruptedException {
        Path nothing = Files.createFile(scratch.resolve("nothing"));
        assertEquals(
                "cairn: Unmatched argument at index 0: 'nonsense'\nTry 'cairn --help'.\n", run(nothing, 2, "nonsense"));
    }
}
