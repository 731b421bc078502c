package dev.cairn.tools.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCommandTest {

    @TempDir
    private Path scratch;

    private String directory = "";

    @BeforeEach
    void write() {
        directory = scratch.resolve("db").toString();
        CommandRun run = CommandRun.withInput(
                "CREATE TABLE t (id bigint, name text); INSERT INTO t VALUES (1, 'secret'), (2, null);"
                        + " UPDATE t SET name = 'other' WHERE id = 2; DELETE FROM t WHERE id = 1;",
                "sql",
                directory);
        assertEquals("", run.err());
    }

    @Test
    void aHeapPageShowsItsVersionsAndEveryFlag() {
        CommandRun run = CommandRun.of("page", directory, "2", "1");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.outLines().get(0).endsWith("of heap-00000002, table t: HEAP, intact"), run.out());
        assertTrue(run.out().contains("(1, \"secret\")"), run.out());
        assertTrue(run.out().contains("(2, null)"), run.out());
        assertTrue(run.out().contains("flags: command is cmax, updated"), run.out());
        assertTrue(run.out().contains("  slot 2 at "), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches(" +0 H+p\\.+")), run.out());
    }

    @Test
    void rawNamesEveryDeclaredField() {
        CommandRun run = CommandRun.of("page", "--raw", directory, "2", "0");
        for (String field : List.of("pageLsn", "checksum", "usedPages = ", "databaseIdHigh")) {
            assertTrue(run.out().contains(field), run.out());
        }
        assertTrue(CommandRun.of("page", "--raw", directory, "2", "1").out().contains("version 0"));
    }

    @Test
    void obfuscationAndJson() {
        CommandRun run = CommandRun.of("page", "--json", "--obfuscate", directory, "2", "1");
        assertTrue(run.out().startsWith("{\"file\":2,\"page\":1,"), run.out());
        assertFalse(run.out().contains("secret"), run.out());
        assertEquals(
                2,
                CommandRun.of("page", "--raw", "--obfuscate", directory, "2", "1")
                        .exitCode());
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertEquals(2, CommandRun.of("page", directory, "2", "100000").exitCode());
        assertEquals(2, CommandRun.of("page", directory, "0", "0").exitCode());
        assertEquals(4, CommandRun.of("page", directory, "77", "0").exitCode());
    }

    /** Whatever stands on the page, it is shown, and said to be damaged. */
    @Test
    void aDamagedPageIsShownAsItIs() throws IOException {
        Path file = Path.of(directory, "heap-00000002");
        byte[] intact = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 40; round++) {
            byte[] damaged = intact.clone();
            for (int i = 0; i < 1 + round; i++) {
                damaged[8192 + random.nextInt(round < 20 ? 80 : 8192)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(file, damaged);
            for (String[] command :
                    new String[][] {{"page", directory, "2", "1"}, {"page", "--raw", directory, "2", "1"}}) {
                CommandRun run = CommandRun.of(command);
                assertEquals(3, run.exitCode(), run.err());
                assertTrue(run.outLines().get(0).contains("fails its checks: "), run.out());
            }
        }
    }
}
