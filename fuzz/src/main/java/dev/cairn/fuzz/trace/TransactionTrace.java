package dev.cairn.fuzz.trace;

import dev.cairn.engine.Row;
import dev.cairn.engine.TransactionListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One transaction as the tree of its savepoints, recorded while it runs. Used by the transaction's thread. */
public final class TransactionTrace implements TransactionListener {

    private static final int LONGEST_ROW = 80;

    /** A level, or something done in one. Only levels have a fate. */
    private static final class Node {
        private final String text;
        private final List<Node> inside = new ArrayList<>();
        private @Nullable String fate;
        private boolean undone;

        Node(String text) {
            this.text = text;
        }

        boolean wrote() {
            return !undone && inside.stream().anyMatch(node -> node.isChange() || node.wrote());
        }

        private boolean isChange() {
            return inside.isEmpty() && fate == null && !text.startsWith(SAVEPOINT) && !text.startsWith(FAILED);
        }
    }

    private static final String SAVEPOINT = "savepoint ";
    private static final String FAILED = "failed ";

    private final Node root;
    /** The open levels, the transaction's own first. */
    private final List<Node> open = new ArrayList<>();

    /** @param title how the transaction is called */
    public TransactionTrace(String title) {
        root = new Node(title);
        open.add(root);
    }

    @Override
    public void told(Event event, String name, @Nullable Row row, int depth) {
        switch (event) {
            case SAVEPOINT -> enter(name);
            case RELEASE -> leave(depth, "released");
            case ROLLBACK_TO -> rollbackTo(depth);
            case INSERT, UPDATE, DELETE, CREATE_TABLE, DROP_TABLE ->
                add(event.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + name
                        + (row == null ? "" : text(row)));
            case FAILURE -> fail(name);
            case COMMITTING -> root.fate = "commit begun, not acknowledged";
            case COMMITTED -> root.fate = "committed";
            case ROLLED_BACK -> undo(root, "rolled back");
        }
    }

    /** Whether there is a change that has not been undone. */
    public boolean wrote() {
        return root.wrote();
    }

    /** Whether the transaction has neither been committed nor rolled back. */
    public boolean isInFlight() {
        return !"committed".equals(root.fate) && !root.undone;
    }

    private void enter(String name) {
        Node level = new Node(SAVEPOINT + name);
        innermost().inside.add(level);
        open.add(level);
    }

    private void leave(int depth, String fate) {
        while (open.size() > depth + 1) {
            Node level = open.remove(open.size() - 1);
            if (level.fate == null) {
                level.fate = fate;
            }
        }
    }

    /** The savepoint stays, empty: what comes next stands in a new node beside the undone one. */
    private void rollbackTo(int depth) {
        leave(depth, "gone with the rollback below");
        Node level = open.remove(open.size() - 1);
        undo(level, "rolled back to");
        enter(level.text.substring(SAVEPOINT.length()));
    }

    private void fail(String sqlState) {
        undo(innermost(), "undone by the error " + sqlState);
        innermost().inside.add(new Node(FAILED + sqlState));
    }

    private static void undo(Node level, String fate) {
        level.undone = true;
        level.fate = fate;
    }

    private void add(String text) {
        innermost().inside.add(new Node(text));
    }

    private Node innermost() {
        return open.get(open.size() - 1);
    }

    private static String text(Row row) {
        String text = " " + row;
        return text.length() <= LONGEST_ROW ? text : text.substring(0, LONGEST_ROW) + "…]";
    }

    /** The tree, each line indented by two spaces, without a line end. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("  ").append(line(root, "in flight"));
        draw(root, "  ", text);
        return text.toString();
    }

    private static void draw(Node node, String indent, StringBuilder text) {
        for (int i = 0; i < node.inside.size(); i++) {
            Node child = node.inside.get(i);
            boolean last = i == node.inside.size() - 1;
            text.append('\n').append(indent).append(last ? "└─ " : "├─ ");
            text.append(child.text.startsWith(SAVEPOINT) ? line(child, "open") : child.text);
            draw(child, indent + (last ? "   " : "│  "), text);
        }
    }

    private static String line(Node level, String otherwise) {
        return level.text + ": " + (level.fate == null ? otherwise : level.fate);
    }
}
