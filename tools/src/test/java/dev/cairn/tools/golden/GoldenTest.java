package dev.cairn.tools.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.storage.file.DirectoryLock;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every inspection command prints of a database that stays as it is, and that it leaves it so. */
class GoldenTest {

    @TempDir
    private Path scratch;

    static Stream<String> names() {
        return GoldenCommands.all().keySet().stream();
    }

    /** Writes the expected outputs anew, after a change of what a command prints. */
    public static void main(String[] args) throws IOException {
        Path home = GoldenDatabase.current();
        Files.createDirectories(home.resolve("expected"));
        for (Map.Entry<String, List<String>> command : GoldenCommands.all().entrySet()) {
            Files.writeString(
                    home.resolve("expected/" + command.getKey() + ".txt"),
                    shown(command.getValue(), home.resolve("db")));
        }
    }

    private static String shown(List<String> line, Path directory) {
        CommandRun run = CommandRun.of(GoldenCommands.arguments(line, directory.toString()));
        return "$ cairn " + String.join(" ", line) + "\n" + run.out().replace("\r", "\\r")
                + (run.err().isEmpty() ? "" : "standard error:\n" + run.err()) + "exit code " + run.exitCode() + "\n";
    }

    @ParameterizedTest
    @MethodSource("names")
    void printsWhatItPrinted(String name) throws IOException {
        Path home = GoldenDatabase.current();
        List<String> line =
                java.util.Objects.requireNonNull(GoldenCommands.all().get(name));
        assertEquals(Files.readString(home.resolve("expected/" + name + ".txt")), shown(line, home.resolve("db")));
    }

    @Test
    void everyFormatVersionHasADatabaseThatIsReadOrRefused() {
        for (int version = 1; version <= ControlSlot.FORMAT_VERSION; version++) {
            Path directory = GoldenDatabase.home(version).resolve("db");
            assertTrue(Files.isDirectory(directory), "make " + directory + " as docs/INSPECT.md says");
            CommandRun run = CommandRun.of("verify", directory.toString());
            assertEquals(version == ControlSlot.FORMAT_VERSION ? 0 : 4, run.exitCode(), run.out() + run.err());
        }
    }

    /** Its rows in the catalog do not say which keys are marked: the columns of their time do, also once those have changed. */
    @Test
    void anIndexOfBeforeKeepsItsKeysWhenItsColumnBecomesNotNull() throws IOException {
        GoldenDatabase.copy(GoldenDatabase.current().resolve("db"), scratch);
        for (int life = 0; life < 2; life++) {
            boolean first = life == 0;
            try (Database database = Database.open(scratch);
                    Transaction tx = database.begin()) {
                if (first) {
                    tx.table("orders").update(row -> row.get("customer") == null, row -> row.with("customer", ""));
                    tx.alterTable("orders").setRules(schema -> schema.withNotNull("customer", true), row -> {});
                }
                tx.table("orders").verifyIndexes();
                tx.commit();
            }
            CommandRun run = CommandRun.of("verify", scratch.toString());
            assertEquals(0, run.exitCode(), run.out() + run.err());
        }
    }

    @Test
    void everyCommandThatInspectsIsHere() {
        Set<String> here = new TreeSet<>();
        GoldenCommands.all().values().forEach(line -> here.add(line.get(0)));
        assertEquals(new TreeSet<>(Set.of("info", "log", "txn", "key", "page", "stat", "verify", "dump")), here);
    }

    /** The lock is held by somebody else all the time: nobody who takes it gets through. */
    @Test
    void i11_noCommandChangesAByteOrTakesTheLock() throws IOException {
        Path directory = scratch.resolve("db");
        GoldenDatabase.copy(GoldenDatabase.current().resolve("db"), directory);
        try (DirectoryLock lock = new RealDisk(directory).lock()) {
            assertEquals(0, runAll(directory).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal-0000000000000001", "heap-00000001", "heap-00000002", "status", "control"})
    void i11_norOfADamagedDirectory(String name) throws IOException {
        Path directory = scratch.resolve("db");
        GoldenDatabase.copy(GoldenDatabase.current().resolve("db"), directory);
        byte[] bytes = Files.readAllBytes(directory.resolve(name));
        for (int at = 600; at < bytes.length; at += 700) {
            bytes[at] ^= 0x10;
        }
        Files.write(directory.resolve(name), bytes);
        runAll(directory);
    }

    /** Runs all commands; the names of those that did not end with 0. */
    private static Set<String> runAll(Path directory) throws IOException {
        Map<String, Integer> before = contents(directory);
        Set<String> failed = new TreeSet<>();
        for (Map.Entry<String, List<String>> command : GoldenCommands.all().entrySet()) {
            CommandRun run = CommandRun.of(GoldenCommands.arguments(command.getValue(), directory.toString()));
            assertEquals(before, contents(directory), command.getKey());
            assertFalse(run.err().contains("a defect"), command.getKey() + ": " + run.err());
            assertTrue(Set.of(0, 1, 2, 3, 4).contains(run.exitCode()), command.getKey() + ": " + run.exitCode());
            if (run.exitCode() != 0) {
                failed.add(command.getKey());
                assertTrue(run.exitCode() == 3 || !run.err().isEmpty(), command.getKey() + " says nothing");
            }
        }
        return failed;
    }

    private static Map<String, Integer> contents(Path directory) throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(
                        file.getFileName() + " " + Files.getLastModifiedTime(file),
                        Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
