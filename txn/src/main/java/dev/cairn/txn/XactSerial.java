package dev.cairn.txn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction's way through {@link Serializability}; does nothing for one that is not serializable. */
final class XactSerial {

    private final TransactionSystem system;
    private final Xact xact;
    private boolean readOnly;
    private boolean deferrable;
    private @Nullable SerialXact serial;

    XactSerial(TransactionSystem system, Xact xact) {
        this.system = system;
        this.xact = xact;
    }

    /** Counts until the snapshot is taken. */
    void setReadOnly(boolean isReadOnly, boolean isDeferrable) {
        readOnly = isReadOnly;
        deferrable = isDeferrable;
    }

    /** Null if reads and writes need not be told. */
    @Nullable SerialXact tracked() {
        SerialXact present = serial;
        return present == null || present.safe ? null : present;
    }

    /** Takes the transaction's snapshot; a deferrable read-only one is taken anew until it is safe. */
    long takeSnapshot(SnapshotSlot slot, long timeoutNanos) {
        if (xact.isolation() != IsolationLevel.SERIALIZABLE) {
            return slot.take(system.publisher());
        }
        while (true) {
            SerialXact begun = begin(slot);
            if (xact.topXid() != 0) {
                assigned(xact.topXid());
            }
            if (!readOnly || !deferrable) {
                return begun.snapshotLsn;
            }
            system.graph().await(new SafeSnapshotWait(system.serializability(), begun), timeoutNanos);
            if (begun.safe) {
                return begun.snapshotLsn;
            }
            rolledBack();
        }
    }

    private SerialXact begin(SnapshotSlot slot) {
        SerialXact begun = system.serializability().register(xact, readOnly);
        serial = begun;
        boolean taken = false;
        try {
            system.serializability().begun(begun, slot.take(system.publisher()));
            taken = true;
        } finally {
            if (!taken) {
                rolledBack();
            }
        }
        return begun;
    }

    void requireFit() {
        if (serial != null) {
            Serializability.requireFit(serial);
        }
    }

    void assigned(long top) {
        if (serial != null) {
            system.serializability().assigned(serial, top);
        }
    }

    /** @throws dev.cairn.storage.base.TransactionException 40001 */
    void prepare() {
        if (serial != null) {
            system.serializability().prepare(serial);
        }
    }

    void logged(long commitLsn) {
        if (serial != null) {
            system.serializability().logged(serial, commitLsn);
        }
    }

    void committed() {
        if (serial != null) {
            settle(system.serializability().committed(serial, system.publishLsn()));
            serial = null;
        }
    }

    void rolledBack() {
        if (serial != null) {
            settle(system.serializability().rolledBack(serial));
            serial = null;
        }
    }

    private void settle(List<SafeSnapshotWait> decided) {
        if (!decided.isEmpty()) {
            List<Xact> woken = new ArrayList<>();
            synchronized (system.graph()) {
                decided.forEach(wait -> wait.settle(woken));
            }
            system.graph().signal(woken);
        }
    }
}
