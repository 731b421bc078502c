package dev.cairn.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.console.Console;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every command. */
class CairnTest {

    static Set<String> commands() {
        return Cairn.commandLine(Console.system()).getSubcommands().keySet();
    }

    @Test
    void withoutACommandItListsTheCommands() {
        CommandRun run = CommandRun.of();
        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
        for (String command : commands()) {
            assertTrue(run.out().contains("  " + command + " "), () -> command + " is not listed in\n" + run.out());
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithAnExample(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
        assertTrue(run.out().contains("Usage: cairn " + command), run.out());
        assertTrue(run.out().contains("Example: cairn " + command), run.out());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anUnknownOptionIsAUsageError(String command) {
        CommandRun run = CommandRun.of(command, "--no-such-option");
        assertEquals(2, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("Try 'cairn " + command + " --help'."), run.err());
    }

    @Test
    void anUnknownCommandIsAUsageError() {
        CommandRun run = CommandRun.of("no-such-command");
        assertEquals(2, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("no-such-command"), run.err());
    }

    @Test
    void itSaysItsVersion() {
        CommandRun run = CommandRun.of("--version");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().startsWith("cairn "), run.out());
    }
}
