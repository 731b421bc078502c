package dev.cairn.tools.key;

import dev.cairn.tools.log.RecordText;
import dev.cairn.tools.log.TransactionTree;
import dev.cairn.tools.log.TransactionTree.Branch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote: a transaction, or one of its savepoints, and what became of it.
 *
 * @param savepoints the names of the savepoints that it was in, the outermost first
 * @param micros when the branch was left or the transaction ended, since 1970; 0 if the log does not tell
 */
record Author(
        long xid,
        long top,
        String label,
        List<String> savepoints,
        TransactionTree.Fate fate,
        boolean undone,
        @Nullable String sqlState,
        long micros) {

    /** @param tree that has a branch of this id */
    static Author of(TransactionTree tree, Branch branch) {
        Deque<String> names = new ArrayDeque<>();
        Branch left = tree.top();
        boolean undone = false;
        for (Branch at = branch; at != null; at = at.parent()) {
            if (at.parent() != null) {
                names.addFirst(at.name());
            }
            if (at.ending() == TransactionTree.Ending.ROLLED_BACK) {
                undone = true;
                left = at;
            }
        }
        return new Author(
                branch.xid(),
                tree.xid(),
                tree.top().name(),
                new ArrayList<>(names),
                tree.fate(branch),
                undone,
                left.sqlState(),
                left.endedMicros());
    }

    /** {@code xid 58, savepoint "a" of transaction 57 "import": rolled back to, 2026-…}. */
    String words() {
        StringBuilder text = new StringBuilder("xid " + xid);
        for (String name : savepoints) {
            text.append(", savepoint ").append(RecordText.quoted(name));
        }
        if (xid != top) {
            text.append(" of transaction ").append(top);
        }
        text.append(label.isEmpty() ? "" : " " + RecordText.quoted(label)).append(": ");
        text.append(fate.words());
        if (sqlState != null) {
            text.append(" by error ").append(sqlState);
        } else if (undone) {
            text.append(" by ROLLBACK TO");
        }
        return text.append(micros == 0 ? "" : ", " + RecordText.time(micros)).toString();
    }
}
