package dev.cairn.storage.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Two maps, of which a sync empties the older. */
class UnsyncedWritesProperties {

    @Property(tries = 200)
    void remembersTheLatestWriteUntilASyncThatBeganAfterIt(@ForAll long seed) {
        Random random = new Random(seed);
        UnsyncedWrites writes = new UnsyncedWrites();
        Map<Integer, Long> current = new HashMap<>();
        Map<Integer, Long> syncing = new HashMap<>();
        int pages = 1 + random.nextInt(2000);
        for (int i = 0; i < 3000; i++) {
            int pageNo = random.nextInt(pages) * (random.nextBoolean() ? 1 : 1024);
            int choice = random.nextInt(500);
            if (choice == 0 && syncing.isEmpty()) {
                assertEquals(!current.isEmpty(), writes.beginSync());
                syncing = current;
                current = new HashMap<>();
            } else if (choice == 1) {
                writes.endSync();
                syncing = new HashMap<>();
            } else {
                long lsn = random.nextInt(1_000_000);
                writes.record(pageNo, lsn);
                current.put(pageNo, lsn);
            }
            int asked = random.nextInt(pages);
            assertEquals(current.getOrDefault(asked, syncing.getOrDefault(asked, 0L)), writes.pageLsn(asked));
            assertEquals(current.size(), writes.size());
        }
    }
}
