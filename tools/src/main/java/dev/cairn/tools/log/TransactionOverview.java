package dev.cairn.tools.log;

import dev.cairn.tools.console.Console;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * The transactions of a log at a glance: how many ended how, and which are the biggest, the longest, the deepest, those with
 * most savepoints past 64. Keeps facts of the ones shown only. Not thread-safe.
 */
final class TransactionOverview {

    /** Sub-transactions that a session's cache names; with more it counts as overflowed. */
    private static final int CACHED = 64;

    /** A transaction without its tree. */
    private record Facts(
            long xid,
            String label,
            TransactionTree.Fate fate,
            long bytes,
            long micros,
            int depth,
            int savepoints,
            long rows) {

        static Facts of(TransactionTree tree) {
            return new Facts(
                    tree.xid(),
                    tree.top().name(),
                    tree.fate(),
                    tree.bytes(),
                    tree.top().micros(),
                    tree.depth(),
                    tree.subtransactions(),
                    tree.rows());
        }
    }

    /** The highest by one measure. */
    private static final class Ranking {
        private final String name;
        private final ToLongFunction<Facts> measure;
        private final long more;
        private final List<Facts> best = new ArrayList<>();

        /** @param more what the measure must exceed to count */
        Ranking(String name, ToLongFunction<Facts> measure, long more) {
            this.name = name;
            this.measure = measure;
            this.more = more;
        }

        void add(Facts facts, int most) {
            if (measure.applyAsLong(facts) > more) {
                best.add(facts);
                best.sort(Comparator.comparingLong(measure).reversed().thenComparing(Facts::xid));
                if (best.size() > most) {
                    best.remove(most);
                }
            }
        }
    }

    private final int most;
    private final long[] fates = new long[TransactionTree.Fate.values().length];
    private final List<Ranking> rankings = List.of(
            new Ranking("biggest", Facts::bytes, 0),
            new Ranking("longest", Facts::micros, 0),
            new Ranking("deepest", Facts::depth, 0),
            new Ranking("past 64 savepoints", Facts::savepoints, CACHED));

    private long transactions;
    private long overflowed;

    /** @param most how many of each kind to show */
    TransactionOverview(int most) {
        this.most = most;
    }

    void add(TransactionTree tree) {
        transactions++;
        fates[tree.fate().ordinal()]++;
        overflowed += tree.subtransactions() > CACHED ? 1 : 0;
        Facts facts = Facts.of(tree);
        rankings.forEach(ranking -> ranking.add(facts, most));
    }

    void print(Console console) {
        console.line(RecordText.count(transactions, "transaction") + " in the log that is left, " + overflowed
                + " past 64 savepoints");
        for (TransactionTree.Fate fate : TransactionTree.Fate.values()) {
            console.line(String.format(Locale.ROOT, "  %-24s %d", fate.words(), fates[fate.ordinal()]));
        }
        for (Ranking ranking : rankings) {
            if (!ranking.best.isEmpty()) {
                console.line(ranking.name);
                ranking.best.forEach(facts -> console.line(text(facts)));
            }
        }
    }

    void printJson(Console console) {
        JsonObject summary = new JsonObject().put("transactions", transactions).put("past_64_savepoints", overflowed);
        for (TransactionTree.Fate fate : TransactionTree.Fate.values()) {
            summary.put(fate.name().toLowerCase(Locale.ROOT), fates[fate.ordinal()]);
        }
        console.line(summary.toString());
        for (Ranking ranking : rankings) {
            for (Facts facts : ranking.best) {
                console.line(new JsonObject()
                        .put("list", ranking.name)
                        .put("xid", facts.xid)
                        .put("label", facts.label)
                        .put("fate", facts.fate.name())
                        .put("bytes", facts.bytes)
                        .put("micros", facts.micros)
                        .put("depth", facts.depth)
                        .put("savepoints", facts.savepoints)
                        .put("rows", facts.rows)
                        .toString());
            }
        }
    }

    private static String text(Facts facts) {
        return String.format(
                Locale.ROOT,
                "  %-10d %-22s %10d bytes %9s %6d deep %7d savepoints %8d rows%s",
                facts.xid,
                facts.fate.words(),
                facts.bytes,
                facts.micros < 0 ? "?" : TreeText.duration(facts.micros),
                facts.depth,
                facts.savepoints,
                facts.rows,
                facts.label.isEmpty() ? "" : "  " + RecordText.quoted(facts.label));
    }
}
