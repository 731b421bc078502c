package dev.cairn.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.console.Console;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Every command explains itself, with an example that it understands. */
class HelpTest {

    private static CommandLine line() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return Cairn.commandLine(new Console(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false));
    }

    static Stream<String> commands() {
        return line().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasAnExampleThatItUnderstands(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertEquals(0, run.exitCode());
        List<String> examples = run.outLines().stream()
                .filter(text -> text.matches("(Examples?:| {9,})? *cairn " + command + "\\b.*")
                        || text.contains("| cairn " + command + " ")
                        || text.contains("(cairn " + command))
                .toList();
        assertFalse(examples.isEmpty(), run.out());
        for (String example : examples) {
            understood(command, example);
        }
    }

    private static void understood(String command, String example) {
        String own = example.substring(example.lastIndexOf("cairn " + command) + "cairn ".length())
                .replaceFirst(" [>|].*", "")
                .replaceFirst("\\)$", example.contains("<(") ? "" : ")")
                .strip();
        String[] words = Stream.of(own.split(" (?=(?:[^']*'[^']*')*[^']*$)"))
                .map(word -> word.replace("'", ""))
                .toArray(String[]::new);
        try {
            line().parseArgs(words);
        } catch (ParameterException e) {
            throw new AssertionError(example + ": " + e.getMessage(), e);
        }
    }

    /** All that inspect can speak to programs; what shows rows can hide them. */
    @Test
    void inspectionSpeaksJson() {
        for (String command :
                List.of("info", "log", "txn", "key", "page", "stat", "verify", "dump", "load", "salvage")) {
            assertTrue(has(command, "--json"), command);
        }
        for (String command : List.of("log", "key", "page", "dump")) {
            assertTrue(has(command, "--obfuscate"), command);
        }
    }

    private static boolean has(String command, String option) {
        return line().getSubcommands().get(command).getCommandSpec().options().stream()
                .map(OptionSpec::names)
                .anyMatch(names -> Set.of(names).contains(option));
    }

    @Test
    void completionKnowsCommandsAndOptions() {
        String script = CommandRun.of("completion").out();
        assertTrue(script.startsWith("#!/usr/bin/env bash"), script.substring(0, 100));
        assertTrue(script.contains("--page-images") && script.contains("salvage"), "commands and options");
    }
}
