package dev.cairn.fuzz.isolation;

import dev.cairn.fuzz.isolation.DependencyGraph.Kind;
import dev.cairn.fuzz.isolation.Recorded.Change;
import dev.cairn.fuzz.isolation.Recorded.Outcome;
import dev.cairn.fuzz.isolation.Recorded.Read;
import dev.cairn.fuzz.isolation.Recorded.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which anomalies a history holds whose lists only grow. Such a list is its own version order, so every edge is exact; only whether
 * one that was in doubt has committed is taken from what is there in the end, or was read. {@link VersionChecker} judges what was
 * written over or deleted. Not thread-safe.
 */
public final class IsolationChecker {

    private final List<Recorded> transactions;
    private final Map<Long, List<Long>> contents;
    private final Map<Long, Write> appends = new HashMap<>();
    private final Set<Integer> committed = new HashSet<>();
    private final DependencyGraph graph = new DependencyGraph();
    private final List<Violation> violations = new ArrayList<>();

    /**
     * @param history no longer changed by anybody
     * @param contents the lists as they are in the end, by key
     */
    public IsolationChecker(History history, Map<Long, List<Long>> contents) {
        this.transactions = history.transactions();
        this.contents = new TreeMap<>(contents);
    }

    /** Who comes before whom, after {@link #check}. */
    List<DependencyGraph.Edge> edges() {
        return graph.edges();
    }

    /** All anomalies, whether or not the level allows them. */
    public List<Violation> check() {
        for (Recorded transaction : transactions) {
            transaction.writes().forEach(this::take);
        }
        settleDoubts();
        contents.forEach(this::judgeContents);
        transactions.forEach(this::judgeOwn);
        for (Recorded reader : transactions) {
            for (Read read : reader.reads()) {
                judge(reader, read);
            }
        }
        HistoryRules rules = new HistoryRules(transactions, violations::add);
        rules.judgeTime(graph);
        rules.judgeLocks();
        graph.findCycles(violations::add);
        return List.copyOf(violations);
    }

    private void take(Write write) {
        if (write.change() != Change.APPEND) {
            throw new IllegalArgumentException("a list that is written over does not tell its versions: " + write.by());
        }
        appends.put(write.value(), write);
    }

    /** Those that the level of the transactions forbids; a history of several levels is judged by the weakest. */
    public List<Violation> forbidden() {
        return HistoryRules.forbidden(check(), transactions);
    }

    private void settleDoubts() {
        Set<Long> seen = new HashSet<>();
        contents.values().forEach(seen::addAll);
        for (Recorded transaction : transactions) {
            boolean shows = transaction.writes().stream()
                    .anyMatch(append -> !append.isUndoneAt(Long.MAX_VALUE - 1) && seen.contains(append.value()));
            if (transaction.outcome() == Outcome.COMMITTED || (transaction.outcome() == Outcome.IN_DOUBT && shows)) {
                committed.add(transaction.number());
            }
        }
    }

    private boolean survives(Write append) {
        return committed.contains(append.by().number()) && !append.isUndoneAt(Long.MAX_VALUE - 1);
    }

    private void add(Anomaly anomaly, String text) {
        violations.add(new Violation(anomaly, text));
    }

    private void judgeContents(long key, List<Long> list) {
        if (new HashSet<>(list).size() < list.size()) {
            add(Anomaly.VERSION_ORDER, key + " holds a value twice: " + list);
        }
        @Nullable Write before = null;
        for (long value : list) {
            Write append = appends.get(value);
            if (append == null || append.key() != key || !survives(append)) {
                add(Anomaly.G1A, "in the end " + key + " holds " + value + ", which was not committed there");
            } else {
                if (before != null) {
                    graph.add(before.by().number(), append.by().number(), Kind.WW, key);
                }
                before = append;
            }
        }
    }

    private void judgeOwn(Recorded writer) {
        for (Write append : writer.writes()) {
            if (survives(append)
                    && !contents.getOrDefault(append.key(), List.of()).contains(append.value())) {
                add(Anomaly.LOST_WRITE, append.value() + " is not in " + append.key() + ", of " + writer);
            }
        }
    }

    private void judge(Recorded reader, Read read) {
        Set<Long> keys = new HashSet<>(read.lists().keySet());
        if (read.low() == read.high()) {
            keys.add(read.low());
        } else {
            contents.keySet().stream()
                    .filter(key -> key >= read.low() && key <= read.high())
                    .forEach(keys::add);
        }
        keys.forEach(key -> judge(reader, read, key));
    }

    private void judge(Recorded reader, Read read, long key) {
        List<Long> others = new ArrayList<>();
        List<Long> own = new ArrayList<>();
        for (long value : read.list(key)) {
            (Recorded.writer(value) == reader.number() ? own : others).add(value);
        }
        String where = "T" + reader.number() + " has read " + read.list(key) + " in " + key;
        List<Long> written = reader.writes().stream()
                .filter(append -> append.key() == key && append.at() < read.at() && !append.isUndoneAt(read.at()))
                .map(Write::value)
                .toList();
        if (!own.equals(written)) {
            add(Anomaly.INTERNAL, where + ", and written " + written);
        }
        for (long value : others) {
            judgeValue(read, value, where);
        }
        List<Long> versions = contents.getOrDefault(key, List.of());
        if (others.size() > versions.size()
                || !versions.subList(0, others.size()).equals(others)) {
            if (others.stream().allMatch(value -> {
                Write append = appends.get(value);
                return append != null && survives(append);
            })) {
                add(Anomaly.VERSION_ORDER, where + ", in the end it is " + versions);
            }
            return;
        }
        dependOn(reader, key, others, own, versions, where);
    }

    private void judgeValue(Read read, long value, String where) {
        Write append = appends.get(value);
        if (append == null || !survives(append)) {
            add(Anomaly.G1A, where + ": " + value + " was not committed");
        } else if (append.by().committingAt() > read.at()) {
            add(Anomaly.G1B, where + ": " + value + " had not been committed yet");
        }
    }

    private void dependOn(
            Recorded reader, long key, List<Long> others, List<Long> own, List<Long> versions, String where) {
        int next = others.size();
        int follower = next < versions.size() ? Recorded.writer(versions.get(next)) : -1;
        int last = next == 0 ? -1 : Recorded.writer(others.get(next - 1));
        if (last >= 0 && last == follower) {
            add(Anomaly.G1B, where + ": T" + last + " has written more, " + versions);
        }
        if (!committed.contains(reader.number())) {
            return;
        }
        if (last >= 0) {
            graph.add(last, reader.number(), Kind.WR, key);
        }
        if (follower >= 0 && own.isEmpty()) {
            graph.add(reader.number(), follower, others.isEmpty() ? Kind.RW_PREDICATE : Kind.RW, key);
        }
    }
}
