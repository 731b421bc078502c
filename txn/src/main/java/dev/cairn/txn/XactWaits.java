package dev.cairn.txn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who waits for a transaction, and for what it waits itself. Guarded by the {@link WaitGraph}'s monitor but for one read. */
final class XactWaits {

    private final List<Wait> incoming = new ArrayList<>(0);
    private volatile boolean hasIncoming;
    private @Nullable Wait outgoing;

    /** Whether somebody waits for an id of this transaction. Any thread, without the monitor. */
    boolean hasIncoming() {
        return hasIncoming;
    }

    /** A copy. */
    List<Wait> incoming() {
        return List.copyOf(incoming);
    }

    void add(Wait wait) {
        incoming.add(wait);
        hasIncoming = true;
    }

    void remove(Wait wait) {
        incoming.remove(wait);
        hasIncoming = !incoming.isEmpty();
    }

    /** Null if it does not wait. */
    @Nullable Wait outgoing() {
        return outgoing;
    }

    void setOutgoing(@Nullable Wait wait) {
        outgoing = wait;
    }
}
