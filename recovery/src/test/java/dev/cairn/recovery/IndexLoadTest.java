package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.createFile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeContext;
import dev.cairn.txn.btree.BTreeLoad;
import dev.cairn.txn.btree.BTreeVerifier;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Indexes that are packed from sorted entries, over a real log and real recovery. */
class IndexLoadTest {

    private final MemoryDisk disk = new MemoryDisk();

    private static BTree create(OpenedStore store) {
        Xact xact = begin(store);
        BTree tree = open(store, createFile(store, xact));
        tree.create();
        xact.commit(Durability.SYNC);
        return tree;
    }

    private static BTree open(OpenedStore store, int fileId) {
        return new BTree(new BTreeContext(store.cache(), store.wal(), store.environment(), store.health()), fileId);
    }

    private static List<String> verified(BTree tree) {
        List<String> keys = new ArrayList<>();
        BTreeVerifier.run(tree, key -> keys.add(HexFormat.of().formatHex(key)));
        return keys;
    }

    private static List<String> texts(NavigableSet<byte[]> keys) {
        return keys.stream().map(HexFormat.of()::formatHex).toList();
    }

    /** Short and long ones, in families that share long beginnings, so that pages' prefixes come and go. */
    private static byte[] key(Random random, int most) {
        int family = random.nextInt(6);
        int shared = Math.min(most, family * most / 5);
        int length = Math.min(most, shared + 1 + random.nextInt(random.nextInt(6) == 0 ? most : 8));
        byte[] key = new byte[length];
        Arrays.fill(key, 0, Math.min(shared, length), (byte) family);
        for (int i = Math.min(shared, length); i < length; i++) {
            key[i] = (byte) random.nextInt(256);
        }
        return key;
    }

    @Property(tries = 150)
    void whatIsLoadedIsASortedSet(@ForAll long seed) {
        Random random = new Random(seed);
        NavigableSet<byte[]> model = new TreeSet<>(Arrays::compareUnsigned);
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            int count = random.nextInt(random.nextBoolean() ? 20 : 1500);
            for (int i = 0; i < count; i++) {
                model.add(key(random, tree.maxKeyBytes()));
            }
            BTreeLoad load = new BTreeLoad(tree, 0);
            model.forEach(load::add);
            load.finish();
            assertEquals(texts(model), verified(tree));
            int fileId = tree.fileId();
            store.wal().awaitDurable(store.wal().insertLsn());
            try (OpenedStore recovered = StoreFixture.open(MemoryDisk.of(disk.image()))) {
                assertEquals(texts(model), verified(open(recovered, fileId)));
            }
            for (int i = 0; i < 300; i++) {
                byte[] key = key(random, tree.maxKeyBytes());
                byte[] near = model.ceiling(key);
                if (near != null && random.nextBoolean()) {
                    assertEquals(model.remove(near), tree.delete(near));
                } else {
                    assertEquals(model.add(key), tree.insert(0, key));
                }
            }
            assertEquals(texts(model), verified(tree));
        }
    }

    @Test
    void pagesArePacked() {
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            BTreeLoad load = new BTreeLoad(tree, 0);
            int entryBytes = 8 + 12;
            int pageSize = store.options().pageSize();
            for (int i = 0; i < 20_000; i++) {
                load.add(HexFormat.of().parseHex(String.format("%08x%016x", i * 1000, i)));
            }
            load.finish();
            int atLeast = 20_000 * (entryBytes - 4) / pageSize;
            assertTrue(load.pages() > atLeast / 2, "pages: " + load.pages());
            assertTrue(load.pages() < atLeast * 1.3, "pages: " + load.pages() + ", entries' bytes take " + atLeast);
            assertEquals(load.pages() + 1, store.cache().usedPages(tree.fileId()));
            assertEquals(20_000, verified(tree).size());
        }
    }

    @Test
    void untilItIsFinishedTheTreeIsEmpty() {
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            BTreeLoad load = new BTreeLoad(tree, 0);
            for (int i = 0; i < 1000; i++) {
                load.add(HexFormat.of().parseHex(String.format("%08x", i)));
            }
            assertTrue(load.pages() > 3);
            assertTrue(!tree.contains(new byte[] {0, 0, 0, 1}));
            load.finish();
            assertTrue(tree.contains(new byte[] {0, 0, 0, 1}));
        }
    }

    @Test
    void entriesComeInOrderAndFit() {
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            BTreeLoad load = new BTreeLoad(tree, 0);
            load.add(new byte[] {2});
            assertThrows(IllegalArgumentException.class, () -> load.add(new byte[] {1}));
            assertThrows(IllegalArgumentException.class, () -> load.add(new byte[] {2}));
            TransactionException refused =
                    assertThrows(TransactionException.class, () -> load.add(new byte[tree.maxKeyBytes() + 1]));
            assertEquals("54000", refused.sqlState());
        }
    }
}
