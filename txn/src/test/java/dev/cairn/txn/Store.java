package dev.cairn.txn;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.ThreadScheduler;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.Durability;

/** A transaction system over a log and a disk in memory. */
final class Store {

    static final int PAGE_SIZE = 512;
    static final long SEED = 0x5EED;

    final Health health = new Health();
    final MemoryDisk disk = new MemoryDisk();
    final FakeLog log;
    final TransactionSystem system;

    private Store(Scheduler scheduler, TransactionSettings settings) {
        Clock clock = new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long epochMicros() {
                return 1;
            }
        };
        log = new FakeLog(scheduler, health);
        TransactionStatus status = TransactionStatus.create(disk, PAGE_SIZE, SEED);
        system = new TransactionSystem(log, status, new Environment(clock, scheduler, () -> 4), health, settings);
        system.restoreAfterRecovery(XidAllocator.FIRST, log.insertLsn());
    }

    /** For one thread. */
    static Store inline() {
        return new Store(new InlineScheduler(), TransactionSettings.DEFAULT);
    }

    static Store threaded() {
        return threaded(new ThreadScheduler());
    }

    static Store threaded(Scheduler scheduler) {
        return new Store(scheduler, TransactionSettings.DEFAULT);
    }

    static Store withSettings(TransactionSettings settings) {
        return new Store(new ThreadScheduler(), settings);
    }

    Xact begin() {
        return system.begin(IsolationLevel.READ_COMMITTED, "");
    }

    Xact beginRepeatableRead() {
        return system.begin(IsolationLevel.REPEATABLE_READ, "");
    }

    /** A transaction that has written, and committed. */
    long committed() {
        Xact xact = begin();
        long xid = xact.currentXid();
        xact.commit(Durability.SYNC);
        return xid;
    }

    int tag(long xid) {
        return StatusWindow.tag(system.window().word(xid));
    }

    /** Whether {@code self} sees a version that nobody has deleted, made by {@code xmin} at command 0. */
    boolean sees(Xact self, Snapshot snapshot, long xmin) {
        return Visibility.isVisible(xmin, 0, 0, 0, self, snapshot, system.window());
    }

    TupleState state(long xmax, Xact self) {
        return Visibility.stateForWriter(xmax, self, system.window(), system.publishLsn());
    }
}
