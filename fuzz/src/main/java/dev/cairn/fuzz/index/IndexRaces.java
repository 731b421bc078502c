package dev.cairn.fuzz.index;

import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.schedule.HandingDisk;
import dev.cairn.fuzz.schedule.SimScheduler;
import dev.cairn.fuzz.schedule.SimScheduler.Disturbances;
import dev.cairn.recovery.OpenedStore;
import dev.cairn.recovery.Recovery;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.recovery.StoreOptions;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.Scheduler.Background;
import dev.cairn.storage.base.Scheduler.Signal;
import dev.cairn.storage.file.Disk;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.Xact;
import dev.cairn.txn.btree.BTree;
import dev.cairn.txn.btree.BTreeContext;
import dev.cairn.txn.btree.BTreeVerifier;
import dev.cairn.txn.heap.HeapContext;
import dev.cairn.txn.heap.HeapFiles;
import dev.cairn.wal.Durability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writers put and remove keys of their own in one tree, filling and emptying it in turn or as queues, so that pages are split, given
 * back and used again; readers go through ranges both ways. Each writer's answers are those of a sorted set; each reader sees every key
 * that nobody touches, in order and once; at the end the tree is whole and holds what the sets hold.
 */
public final class IndexRaces {

    /** How often the thread that waits for the others looks at the tree itself. */
    private static final long LOOK_NANOS = 10_000_000L;

    private static final int WRITERS = 3;
    private static final int READERS = 2;
    /** Keys that stay stand on every other stretch of so many numbers: pages between become empty. */
    private static final int CLUSTER = 240;

    /** In so many turns of a queue some page must. */
    private static final int TURNS_THAT_EMPTY = 500;

    private static final int PAGE_BYTES = 512;
    private static final long CACHE_BYTES = 64L * PAGE_BYTES;

    private final SplittableRandom random;
    private final int turns;
    private final boolean queueing;
    private final Scheduler scheduler;
    /** Called after each step of a reader or writer. */
    private final Runnable achieved;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private IndexRaces(SplittableRandom random, int turns, Scheduler scheduler, Runnable achieved) {
        this.achieved = achieved;
        this.random = random;
        this.queueing = random.nextBoolean();
        this.turns = turns;
        this.scheduler = scheduler;
    }

    /**
     * Under a seeded schedule, one thread at a time, on a simulated disk.
     *
     * @param turns of each writer
     * @return a number that stands for the schedule
     * @throws IllegalStateException what was wrong first
     */
    public static long simulated(long seed, int turns) {
        SplittableRandom random = new SplittableRandom(seed);
        SimScheduler scheduler = new SimScheduler(random.nextLong(), Disturbances.drawn(random));
        SplittableRandom values = random.split();
        Environment environment = new Environment(scheduler.clock(), scheduler, values::nextLong);
        IndexRaces races = new IndexRaces(random, turns, scheduler, scheduler::achieved);
        scheduler.run(() -> races.run(new HandingDisk(new SimDisk(), scheduler), environment));
        if (races.queueing && turns >= TURNS_THAT_EMPTY && scheduler.passed(CrashPoint.INDEX_UNLINKED) == 0) {
            throw new IllegalStateException("no page became empty: what this was to show it cannot have shown");
        }
        return scheduler.traceHash();
    }

    /** On threads that run at once. @throws IllegalStateException what was wrong first */
    public static void threaded(long seed, int turns, Disk disk, Environment environment) {
        new IndexRaces(new SplittableRandom(seed), turns, environment.scheduler(), () -> {}).run(disk, environment);
    }

    private static StoreOptions options() {
        return new StoreOptions(
                PAGE_BYTES,
                64 << 10,
                CACHE_BYTES,
                true,
                false,
                64 << 10,
                200_000_000L,
                256 << 10,
                300_000_000_000L,
                2048,
                4096,
                64,
                Long.MAX_VALUE,
                true);
    }

    private void run(Disk disk, Environment environment) {
        try (OpenedStore store = Recovery.open(disk, options(), environment, RecoveryListener.SILENT)) {
            store.startBackground();
            BTree tree = create(store, environment);
            NavigableSet<byte[]> stay = new TreeSet<>(Arrays::compareUnsigned);
            for (int i = 0; i < IndexWriter.NUMBERS; i += WRITERS * 2) {
                if (i / CLUSTER % 2 == 0) {
                    byte[] key = IndexWriter.key(i);
                    stay.add(key);
                    tree.insert(0, key);
                }
            }
            List<IndexWriter> writers = new ArrayList<>();
            for (int i = 1; i <= WRITERS; i++) {
                writers.add(new IndexWriter(tree, random.split(), WRITERS * 2, i, turns, queueing));
            }
            race(tree, stay, writers);
            Throwable first = failure.get();
            if (first != null) {
                throw new IllegalStateException("a tree under writers and readers: " + first.getMessage(), first);
            }
            NavigableSet<byte[]> all = new TreeSet<>(Arrays::compareUnsigned);
            all.addAll(stay);
            writers.forEach(writer -> all.addAll(writer.keys()));
            List<byte[]> found = new ArrayList<>();
            BTreeVerifier.run(tree, found::add);
            if (!Arrays.deepEquals(all.toArray(), found.toArray())) {
                throw new IllegalStateException(
                        "a tree at its end: expected " + all.size() + " keys, found " + found.size() + " or others");
            }
        }
    }

    private static BTree create(OpenedStore store, Environment environment) {
        HeapContext heaps = new HeapContext(
                store.cache(), store.files(), store.wal(), store.transactions(), environment, PAGE_BYTES);
        int fileId = store.fileIds().allocate();
        Xact xact = store.transactions().begin(IsolationLevel.READ_COMMITTED, "");
        new HeapFiles(heaps, store.databaseId()).create(xact, fileId, fileId);
        BTree tree = new BTree(new BTreeContext(store.cache(), store.wal(), environment, store.health()), fileId);
        tree.create();
        xact.commit(Durability.SYNC);
        return tree;
    }

    private void race(BTree tree, NavigableSet<byte[]> stay, List<IndexWriter> writers) {
        Signal ended = scheduler.newSignal();
        List<Background> machines = new ArrayList<>();
        for (IndexWriter writer : writers) {
            machines.add(start("writer " + machines.size(), ended, writer::step));
        }
        LongSupplier progress =
                () -> writers.stream().mapToLong(IndexWriter::turn).sum();
        for (int i = 0; i < READERS; i++) {
            IndexReader reader = new IndexReader(tree, stay, random.split(), i % 2 == 1, scheduler, progress);
            machines.add(start("reader " + i, ended, reader::step));
        }
        BooleanSupplier done = () -> failure.get() != null || writers.stream().allMatch(IndexWriter::isDone);
        boolean interrupted = false;
        boolean isDone = false;
        while (!isDone) {
            try {
                isDone = ended.await(done, LOOK_NANOS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            // Readers and writers are background machines here: a simulated process where nobody else does anything is
            // stuck.
            if (!tree.contains(stay.first())) {
                failure.compareAndSet(null, new IllegalStateException("a key that stays is not found"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        machines.forEach(Background::stop);
    }

    private Background start(String name, Signal ended, Scheduler.Step step) {
        return scheduler.start(
                name,
                () -> {
                    try {
                        boolean more = failure.get() == null && step.step();
                        achieved.run();
                        if (!more) {
                            ended.signalAll();
                        }
                        return more;
                    } catch (RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                        ended.signalAll();
                        return false;
                    }
                },
                1_000_000L);
    }
}
