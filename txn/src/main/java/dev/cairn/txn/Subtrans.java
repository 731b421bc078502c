package dev.cairn.txn;

import org.jspecify.annotations.Nullable;

/**
 * The parent map of recent sub-transactions, beside the {@link StatusWindow} and of the same lifetime. Serves inspection,
 * the savepoint tree, and "whose is this id?"; the read path needs only the words. Reading is lock-free, any thread.
 */
public final class Subtrans {

    private final XidDirectory directory;
    private final StatusWindow window;

    Subtrans(XidDirectory directory, StatusWindow window) {
        this.directory = directory;
        this.window = window;
    }

    void assign(long child, long parent) {
        // I3: this is what makes walking up end.
        if (parent <= 0 || parent >= child) {
            throw new IllegalStateException("parent " + parent + " of sub-transaction " + child + " is not older");
        }
        XidChunk chunk = directory.require(child);
        chunk.setParent(child, parent, directory.memory());
    }

    /** The parent of a sub-transaction; 0 if it is a top-level one or has left the window. */
    public long parent(long xid) {
        @Nullable XidChunk chunk = directory.find(xid);
        if (chunk == null) {
            return 0;
        }
        long parent = chunk.parent(xid);
        return chunk.isFreed() ? 0 : parent;
    }

    /** The top-level transaction above an id, by its word if that still names it, else by the chain of parents. */
    public long top(long xid) {
        long word = window.word(xid);
        int tag = StatusWindow.tag(word);
        if (tag == StatusWindow.IN_PROGRESS || tag == StatusWindow.SUBCOMMITTED) {
            return StatusWindow.value(word);
        }
        long top = xid;
        for (long parent = parent(top); parent != 0; parent = parent(top)) {
            top = parent;
        }
        return top;
    }
}
