package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.log.TransactionTree.Branch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** Draws a {@link TransactionTree} with lines, one branch a line, its fate to the right. */
public final class TreeText {

    /** Children of one branch that are drawn; the rest are counted. */
    private final int mostChildren;

    private final TransactionTree tree;
    private final BiFunction<TransactionTree.Fate, String, String> paint;
    private final List<String> labels = new ArrayList<>();
    private final List<String> facts = new ArrayList<>();

    private TreeText(TransactionTree tree, int mostChildren, BiFunction<TransactionTree.Fate, String, String> paint) {
        this.tree = tree;
        this.paint = paint;
        this.mostChildren = mostChildren;
    }

    /**
     * @param mostChildren of a branch with more children than this only the first ones and the last are drawn; at least 2
     */
    public static List<String> lines(TransactionTree tree, int mostChildren) {
        return lines(tree, mostChildren, (fate, words) -> words);
    }

    /** As {@link #lines(TransactionTree, int)}; {@code paint} gets what became of a branch in words, and may colour them. */
    static List<String> lines(
            TransactionTree tree, int mostChildren, BiFunction<TransactionTree.Fate, String, String> paint) {
        TreeText text = new TreeText(tree, mostChildren, paint);
        text.top();
        text.children(tree.top(), "");
        int width = text.labels.stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < text.labels.size(); i++) {
            lines.add(String.format(Locale.ROOT, "%-" + width + "s  %s", text.labels.get(i), text.facts.get(i))
                    .stripTrailing());
        }
        return lines;
    }

    private void top() {
        Branch top = tree.top();
        StringBuilder fact = new StringBuilder(fate(top));
        if (tree.fate() == TransactionTree.Fate.COMMITTED) {
            fact.append(" at ").append(Lsn.format(tree.endLsn()));
        }
        add(
                "transaction " + top.xid() + (top.name().isEmpty() ? "" : " " + RecordText.quoted(top.name())),
                fact + written(top) + (tree.isWhole() ? "" : ", began before the log that is left"));
    }

    private void children(Branch branch, String indent) {
        List<Branch> children = branch.children();
        int hiddenFrom = children.size() > mostChildren ? mostChildren - 1 : children.size();
        int hiddenTo = children.size() > mostChildren ? children.size() - 1 : children.size();
        for (int i = 0; i < children.size(); i++) {
            if (i == hiddenFrom && hiddenTo > hiddenFrom) {
                add(indent + "├─ …", RecordText.count(hiddenTo - hiddenFrom, "more savepoint"));
                i = hiddenTo;
            }
            Branch child = children.get(i);
            boolean last = i == children.size() - 1;
            add(
                    indent + (last ? "└─ " : "├─ ") + child.xid() + " savepoint " + RecordText.quoted(child.name()),
                    how(child) + written(child));
            children(child, indent + (last ? "   " : "│  "));
        }
    }

    private void add(String label, String fact) {
        labels.add(label);
        facts.add(fact);
    }

    private String how(Branch branch) {
        return switch (branch.ending()) {
            case ROLLED_BACK -> fate(branch);
            case RELEASED -> "released, " + inherited(branch);
            case NONE -> inherited(branch);
        };
    }

    private String inherited(Branch branch) {
        TransactionTree.Fate fate = tree.fate(branch);
        return paint.apply(
                fate,
                fate == TransactionTree.Fate.ROLLED_BACK && tree.fate() != TransactionTree.Fate.ROLLED_BACK
                        ? "rolled back with its parent"
                        : fate.words());
    }

    private String fate(Branch branch) {
        TransactionTree.Fate fate = tree.fate(branch);
        return paint.apply(fate, fate.words() + (branch.sqlState() == null ? "" : " by error " + branch.sqlState()));
    }

    private static String written(Branch branch) {
        return ", " + RecordText.count(branch.rows(), "row") + ", " + RecordText.bytes(branch.bytes())
                + (branch.micros() < 0 ? "" : ", " + duration(branch.micros()));
    }

    /** Microseconds, for people. */
    static String duration(long micros) {
        return micros < 1000
                ? micros + " us"
                : String.format(Locale.ROOT, micros < 1_000_000 ? "%.1f ms" : "%.0f ms", micros / 1000.0);
    }
}
