package dev.cairn.txn;

import java.util.List;
import java.util.function.Consumer;

/** A deferrable read-only transaction waits until its snapshot is known to be safe, or not to be. */
final class SafeSnapshotWait extends Wait {

    private final Serializability serializability;
    private final SerialXact serial;

    SafeSnapshotWait(Serializability serializability, SerialXact serial) {
        super(serial.xact);
        this.serializability = serializability;
        this.serial = serial;
    }

    @Override
    boolean enqueue() {
        return serializability.enter(serial, this);
    }

    @Override
    void dequeue(List<Xact> woken) {
        serializability.leave(serial);
    }

    @Override
    boolean isPending() {
        return !serializability.isDecided(serial);
    }

    @Override
    void forEachBlocker(Consumer<Xact> visit) {
        if (!isOver()) {
            serializability.undecided(serial).forEach(visit);
        }
    }

    @Override
    String describe() {
        return "a safe snapshot";
    }
}
