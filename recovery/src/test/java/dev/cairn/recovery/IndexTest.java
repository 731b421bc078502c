package dev.cairn.recovery;

import static dev.cairn.recovery.StoreFixture.OPTIONS;
import static dev.cairn.recovery.StoreFixture.begin;
import static dev.cairn.recovery.StoreFixture.createFile;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.SystemClock;
import dev.cairn.storage.base.ThreadScheduler;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.storage.cache.Frame;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeContext;
import dev.cairn.txn.btree.BTreeCursor;
import dev.cairn.txn.btree.BTreeVerifier;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Indexes against a sorted set, over a real log and real recovery. */
class IndexTest {

    private static final HexFormat HEX = HexFormat.of();

    private final MemoryDisk disk = new MemoryDisk();

    /** A new index, its file committed. */
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
        BTreeVerifier.run(tree, key -> keys.add(HEX.formatHex(key)));
        return keys;
    }

    private static List<String> texts(NavigableSet<byte[]> keys) {
        return keys.stream().map(HEX::formatHex).toList();
    }

    private static NavigableSet<byte[]> sortedSet() {
        return new TreeSet<>(Arrays::compareUnsigned);
    }

    private static List<String> drain(BTreeCursor cursor) {
        List<String> keys = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                keys.add(HEX.formatHex(cursor.key()));
            }
        }
        return keys;
    }

    /** Numbers ascending, numbers at random, or byte strings that share beginnings, a few of them long. */
    private static byte[] key(Random random, int kind, int turn, int most) {
        if (kind < 2) {
            long number = kind == 0 ? turn : random.nextInt(300);
            return new KeyCodec()
                    .beginValue(false, false)
                    .putLong(number)
                    .putRowId(number)
                    .toBytes();
        }
        byte[] key = new byte[random.nextInt(random.nextInt(8) == 0 ? most : Math.min(12, most))];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(3) - 1);
        }
        return key;
    }

    /** A page that is neither in the tree nor free would never be used again. */
    @Test
    void aPageToWhichNothingLeadsIsFound() {
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            for (int turn = 0; turn < 200; turn++) {
                assertTrue(tree.insert(0, key(new Random(turn), 0, turn, tree.maxKeyBytes())));
            }
            for (int turn = 0; turn < 200; turn++) {
                assertTrue(tree.delete(key(new Random(turn), 0, turn, tree.maxKeyBytes())));
            }
            assertEquals(List.of(), verified(tree));
            int last = store.cache().usedPages(tree.fileId()) - 1;
            Frame frame = store.cache().latch(tree.fileId(), last);
            assertTrue(BTreePage.isFree(frame.page()));
            frame.markDirty();
            PageHeader.flags(frame.page(), 0);
            store.cache().unlatch(frame);
            CorruptPageException found = assertThrows(CorruptPageException.class, () -> verified(tree));
            assertEquals(last, found.pageNo());
            assertTrue(String.valueOf(found.getMessage()).contains("found it in use"), found.getMessage());
        }
    }

    @Property(tries = 60)
    void anIndexIsASortedSet(@ForAll long seed) {
        Random random = new Random(seed);
        int kind = random.nextInt(3);
        NavigableSet<byte[]> model = sortedSet();
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            int deletions = 20 + random.nextInt(50);
            for (int turn = 0; turn < 600; turn++) {
                byte[] key = key(random, kind, turn, tree.maxKeyBytes());
                if (turn % 200 > 130 || random.nextInt(100) < deletions / 2) {
                    byte[] near = model.ceiling(key);
                    byte[] victim = near == null ? key : near;
                    assertEquals(model.remove(victim), tree.delete(victim));
                } else {
                    assertEquals(model.add(key), tree.insert(0, key));
                }
            }
            assertEquals(texts(model), verified(tree));
            for (int i = 0; i < 20; i++) {
                byte[] from = key(random, kind, random.nextInt(600), tree.maxKeyBytes());
                byte[] to = random.nextInt(4) == 0 ? null : key(random, kind, random.nextInt(600), tree.maxKeyBytes());
                assertEquals(model.contains(from), tree.contains(from));
                if (to == null || Arrays.compareUnsigned(from, to) <= 0) {
                    NavigableSet<byte[]> range =
                            to == null ? model.tailSet(from, true) : model.subSet(from, true, to, false);
                    assertEquals(texts(range), drain(tree.ascending(from, to)));
                    assertEquals(texts(range.descendingSet()), drain(tree.descending(from, to)));
                }
            }
            int fileId = tree.fileId();
            store.wal().awaitDurable(store.wal().insertLsn());
            try (OpenedStore recovered = StoreFixture.open(MemoryDisk.of(disk.image()))) {
                assertEquals(texts(model), verified(open(recovered, fileId)));
            }
        }
    }

    @Test
    void aSplitOrAReturnThatACrashInterruptsIsCompletedByTheNextWriter() {
        NavigableSet<byte[]> model = sortedSet();
        Map<CrashPoint, Integer> met = new EnumMap<>(CrashPoint.class);
        AtomicReference<Runnable> hook = new AtomicReference<>(() -> {});
        Environment plain = StoreFixture.environment();
        InlineScheduler scheduler = new InlineScheduler(point -> {
            if (point.name().startsWith("INDEX_") && met.merge(point, 1, Integer::sum) < 40) {
                hook.get().run();
            }
        });
        Environment watched = new Environment(plain.clock(), scheduler, plain.random());
        Random random = new Random(5);
        try (OpenedStore store = Recovery.open(disk, OPTIONS, watched, RecoveryListener.SILENT)) {
            BTree tree = create(store);
            hook.set(() -> {
                store.wal().awaitDurable(store.wal().insertLsn());
                continueAfterCrash(tree.fileId(), model);
            });
            for (int turn = 0; turn < 1500; turn++) {
                byte[] key = key(random, 1 + turn % 2, turn, 60);
                byte[] next = model.ceiling(key);
                if (turn % 300 > 120 && next != null) {
                    // The entry is gone before its page is given back.
                    model.remove(next);
                    tree.delete(next);
                } else {
                    tree.insert(0, key);
                    model.add(key);
                }
            }
            assertEquals(texts(model), verified(tree));
        }
        for (CrashPoint point :
                List.of(CrashPoint.INDEX_SPLIT, CrashPoint.INDEX_ROOT_RISEN, CrashPoint.INDEX_UNLINKED)) {
            assertTrue(met.containsKey(point), point + " was not met: " + met);
        }
    }

    private void continueAfterCrash(int fileId, NavigableSet<byte[]> model) {
        try (OpenedStore recovered = StoreFixture.open(MemoryDisk.of(disk.image()))) {
            BTree tree = open(recovered, fileId);
            NavigableSet<byte[]> keys = sortedSet();
            keys.addAll(model);
            assertEquals(texts(keys), verified(tree));
            for (int i = 0; i < 60; i++) {
                byte[] key = {(byte) (i * 37), 1, 2, (byte) i};
                assertEquals(keys.add(key), tree.insert(0, key));
            }
            assertEquals(texts(keys), verified(tree));
        }
    }

    @Test
    void emptyPagesAreUsedAgainAlsoAfterReopening() {
        int fileId;
        int pages;
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            fileId = tree.fileId();
            fill(tree, 0, 2000);
            pages = store.cache().usedPages(fileId);
            for (int round = 1; round < 6; round++) {
                fill(tree, round * 2000, 2000);
                empty(tree, (round - 1) * 2000, 2000);
            }
            int most = pages * 5 / 2;
            assertTrue(
                    store.cache().usedPages(fileId) < most,
                    "pages: " + store.cache().usedPages(fileId));
            pages = store.cache().usedPages(fileId);
        }
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = open(store, fileId);
            fill(tree, 12_000, 1500);
            assertEquals(3500, verified(tree).size());
            assertTrue(
                    store.cache().usedPages(fileId) <= pages + 1,
                    "pages: " + store.cache().usedPages(fileId));
        }
    }

    private static void fill(BTree tree, int from, int count) {
        for (int i = from; i < from + count; i++) {
            tree.insert(0, number(i));
        }
    }

    private static void empty(BTree tree, int from, int count) {
        for (int i = from; i < from + count; i++) {
            assertTrue(tree.delete(number(i)));
        }
    }

    private static byte[] number(int i) {
        return new KeyCodec().beginValue(false, false).putInt(i).toBytes();
    }

    @Test
    void ascendingKeysFillTheirPages() {
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            fill(tree, 0, 3000);
            int perPage = 3000 / store.cache().usedPages(tree.fileId());
            assertTrue(perPage >= 45, "keys a page: " + perPage);
        }
    }

    @Test
    void aKeyTooLongIsRefused() {
        try (OpenedStore store = StoreFixture.open(disk)) {
            BTree tree = create(store);
            byte[] longest = new byte[tree.maxKeyBytes()];
            assertTrue(tree.insert(0, longest));
            TransactionException refused =
                    assertThrows(TransactionException.class, () -> tree.insert(0, new byte[longest.length + 1]));
            assertEquals("54000", refused.sqlState());
            assertEquals(1, verified(tree).size());
        }
    }

    /** Writers own the keys of their number; readers see every key that nobody removes, in order and once. */
    @Test
    @Timeout(120)
    void writersAndReadersSideBySide() throws InterruptedException {
        ThreadScheduler scheduler = new ThreadScheduler();
        Environment environment = new Environment(
                new SystemClock(), scheduler, StoreFixture.environment().random());
        StoreOptions options = StoreFixture.options(64 * 512, 256L << 20, true);
        try (OpenedStore store = Recovery.open(disk, options, environment, RecoveryListener.SILENT)) {
            BTree tree = create(store);
            NavigableSet<byte[]> stay = sortedSet();
            for (int i = 0; i < 4000; i += 7) {
                stay.add(number(i));
                tree.insert(0, number(i));
            }
            List<NavigableSet<byte[]>> models = new ArrayList<>();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicBoolean done = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            for (int w = 1; w <= 3; w++) {
                NavigableSet<byte[]> model = sortedSet();
                models.add(model);
                int remainder = w;
                writers.add(thread(failure, () -> write(tree, model, remainder)));
            }
            List<Thread> readers = List.of(
                    thread(failure, () -> read(tree, stay, done, false)),
                    thread(failure, () -> read(tree, stay, done, true)));
            for (Thread writer : writers) {
                writer.join();
            }
            done.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            if (failure.get() != null) {
                throw new AssertionError(failure.get());
            }
            NavigableSet<byte[]> all = new ConcurrentSkipListSet<>(Arrays::compareUnsigned);
            all.addAll(stay);
            models.forEach(all::addAll);
            assertEquals(texts(all), verified(tree));
        }
    }

    private static Thread thread(AtomicReference<Throwable> failure, Runnable body) {
        Thread thread = new Thread(body);
        thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
        thread.start();
        return thread;
    }

    private static void write(BTree tree, NavigableSet<byte[]> model, int remainder) {
        Random random = new Random(remainder);
        for (int turn = 0; turn < 12_000; turn++) {
            byte[] key = number(random.nextInt(570) * 7 + remainder);
            boolean filling = turn / 1500 % 2 == 0;
            if (random.nextInt(100) < (filling ? 75 : 15)) {
                assertEquals(model.add(key), tree.insert(0, key));
            } else {
                assertEquals(model.remove(key), tree.delete(key));
            }
        }
    }

    private static void read(BTree tree, NavigableSet<byte[]> stay, AtomicBoolean done, boolean descending) {
        Random random = new Random(9);
        while (!done.get()) {
            byte[] from = number(random.nextInt(2000));
            byte[] to = number(2000 + random.nextInt(2500));
            byte[] before = null;
            List<String> seen = new ArrayList<>();
            try (BTreeCursor cursor = descending ? tree.descending(from, to) : tree.ascending(from, to)) {
                while (cursor.next()) {
                    byte[] key = cursor.key();
                    if (before != null) {
                        int order = Arrays.compareUnsigned(before, key);
                        assertFalse(descending ? order <= 0 : order >= 0, "keys out of order");
                    }
                    before = key;
                    if (stay.contains(key)) {
                        seen.add(HEX.formatHex(key));
                    }
                }
            }
            NavigableSet<byte[]> range = stay.subSet(from, true, to, false);
            assertEquals(texts(descending ? range.descendingSet() : range), seen);
        }
    }
}
