package dev.cairn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Here is native access on the class path, as LMDB needs it. */
class HugePagesTest {

    private static final long CACHE_BYTES = 128L << 20;
    private static final long HUGE_PAGE_BYTES = 2L << 20;

    @TempDir
    private Path directory;

    @Test
    void thePageCacheLiesInThemIfAsked() {
        DatabaseOptions options =
                DatabaseOptions.builder().cacheBytes(CACHE_BYTES).build();
        long before = advisedBytes();
        assertEquals(before, advisedBytes(options), "not asked for");
        long advised = advisedBytes(options.toBuilder().hugePages(true).build()) - before;
        assertTrue(advised > CACHE_BYTES - HUGE_PAGE_BYTES, () -> advised + " bytes");
    }

    private long advisedBytes(DatabaseOptions options) {
        try (Database database = Database.open(directory, options)) {
            database.checkpoint();
            return advisedBytes();
        }
    }

    /** Memory of this process that Linux has been asked to back with huge pages. */
    private static long advisedBytes() {
        long bytes = 0;
        long region = 0;
        for (String line : memory()) {
            String[] words = line.split(" +", -1);
            switch (words[0]) {
                case "Size:" -> region = Long.parseLong(words[1]) << 10;
                case "VmFlags:" -> bytes += List.of(words).contains("hg") ? region : 0;
                default -> {}
            }
        }
        return bytes;
    }

    private static List<String> memory() {
        try {
            return Files.readAllLines(Path.of("/proc/self/smaps"));
        } catch (IOException e) {
            return Assumptions.abort("no /proc/self/smaps here");
        }
    }
}
