package dev.cairn.txn;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.stress.HeapDisk;
import dev.cairn.wal.Durability;

/** The transactions of one database, in which all races take place, over a log that is durable at once. */
final class StressedTransactions {

    /** Who waits so long for somebody who has gone has been forgotten. */
    private static final long FORGOTTEN_NANOS = 10_000_000_000L;

    private static final int PAGE_SIZE = 512;
    private static final long SEED = 0x5EED;

    static final TransactionSystem SYSTEM = system();

    private StressedTransactions() {}

    private static TransactionSystem system() {
        InstantLog log = new InstantLog();
        TransactionSystem system = new TransactionSystem(
                log,
                TransactionStatus.create(new HeapDisk(), PAGE_SIZE, SEED),
                Environment.system(),
                new Health(),
                new TransactionSettings(64, FORGOTTEN_NANOS));
        system.restoreAfterRecovery(XidAllocator.FIRST, log.insertLsn());
        return system;
    }

    static Xact begin() {
        return SYSTEM.begin(IsolationLevel.READ_COMMITTED, "");
    }

    /** A transaction that has written. */
    static Xact written() {
        Xact xact = begin();
        xact.currentXid();
        return xact;
    }

    static void commit(Xact xact) {
        xact.commit(Durability.SYNC);
    }

    /** A new snapshot of its own for the transaction's next statement. */
    static Snapshot snapshot(Xact reader) {
        reader.beginStatement();
        return reader.statementSnapshot();
    }

    /** Whether it sees what that id has made. */
    static boolean sees(Xact reader, Snapshot snapshot, long xid) {
        return Visibility.isVisible(xid, 0, 0, 0, reader, snapshot, SYSTEM.window());
    }
}
