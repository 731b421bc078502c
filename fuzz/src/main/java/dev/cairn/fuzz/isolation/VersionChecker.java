package dev.cairn.fuzz.isolation;

import dev.cairn.engine.VersionOrder;
import dev.cairn.fuzz.isolation.DependencyGraph.Kind;
import dev.cairn.fuzz.isolation.ExportedVersions.ListVersion;
import dev.cairn.fuzz.isolation.Recorded.Change;
import dev.cairn.fuzz.isolation.Recorded.Outcome;
import dev.cairn.fuzz.isolation.Recorded.Read;
import dev.cairn.fuzz.isolation.Recorded.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which anomalies a history holds, by the versions that the engine itself exports: who made each, in which order, and which commit
 * made it visible. So lists may also be written over unseen, and deleted. A read of something is of the version that ends in the
 * value read; a read of nothing is of the absence that its snapshot shows, which that snapshot's LSN tells, and every other read is
 * compared with its snapshot as well. Not thread-safe.
 */
public final class VersionChecker {

    private final List<Recorded> transactions;
    private final ExportedVersions versions;
    private final Map<Long, List<Long>> contents;
    private final Set<Integer> committed = new HashSet<>();
    private final DependencyGraph graph = new DependencyGraph();
    private final List<Violation> violations = new ArrayList<>();

    /**
     * @param history no longer changed by anybody
     * @param versions all that were ever made, as {@link VersionOrder} has them
     * @param contents the lists as they are in the end, by key
     */
    public VersionChecker(History history, List<VersionOrder.Version> versions, Map<Long, List<Long>> contents) {
        this.transactions = history.transactions();
        this.versions = new ExportedVersions(versions);
        this.contents = new TreeMap<>(contents);
    }

    /** All anomalies, whether or not the level allows them. */
    public List<Violation> check() {
        transactions.forEach(this::judgeFate);
        versions.keys().forEach(this::judgeOrder);
        judgeContents();
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

    /** Those that the level of the transactions forbids; a history of several levels is judged by the weakest. */
    public List<Violation> forbidden() {
        return HistoryRules.forbidden(check(), transactions);
    }

    /** Who comes before whom, after {@link #check}. */
    List<DependencyGraph.Edge> edges() {
        return graph.edges();
    }

    private void add(Anomaly anomaly, String text) {
        violations.add(new Violation(anomaly, text));
    }

    /** What was acknowledged became visible, all of it and nothing else. */
    private void judgeFate(Recorded writer) {
        List<ListVersion> made = versions.by(writer.number());
        boolean has = writer.outcome() == Outcome.COMMITTED
                || (writer.outcome() == Outcome.IN_DOUBT && made.stream().anyMatch(ListVersion::isCommitted));
        if (has) {
            committed.add(writer.number());
        }
        Map<Long, Integer> deletes = new TreeMap<>();
        for (Write write : writer.writes()) {
            boolean stays = has && !write.isUndoneAt(Long.MAX_VALUE - 1);
            if (write.change() == Change.DELETE) {
                deletes.merge(write.key(), stays ? 1 : 0, Integer::sum);
                continue;
            }
            ListVersion version = versions.endingIn(write.value());
            boolean visible = version != null && version.isCommitted();
            if (stays != visible) {
                add(
                        stays ? Anomaly.LOST_WRITE : Anomaly.G1A,
                        write.value() + " of " + write.key() + (visible ? " became" : " did not become")
                                + " visible, of " + writer);
            }
        }
        deletes.forEach((key, expected) -> {
            long visible = made.stream()
                    .filter(version -> version.key() == key && version.list().isEmpty() && version.isCommitted())
                    .count();
            if (visible != expected) {
                add(
                        visible < expected ? Anomaly.LOST_WRITE : Anomaly.G1A,
                        visible + " deletions of " + key + " became visible, expected " + expected + ", of " + writer);
            }
        });
    }

    /** One version after another, and the commits in the same order. */
    private void judgeOrder(long key) {
        ListVersion before = null;
        for (ListVersion version : versions.of(key)) {
            if (before != null) {
                graph.add(before.writer(), version.writer(), Kind.WW, key);
                if (version.committedAt() < before.committedAt()) {
                    add(
                            Anomaly.VERSION_ORDER,
                            version + " of " + key + " was made after " + before + " and committed before it");
                }
            }
            before = version;
        }
    }

    private void judgeContents() {
        Set<Long> keys = new HashSet<>(versions.keys());
        keys.addAll(contents.keySet());
        for (long key : keys) {
            List<ListVersion> all = versions.of(key);
            List<Long> last =
                    all.isEmpty() ? List.of() : all.get(all.size() - 1).list();
            if (!last.equals(contents.getOrDefault(key, List.of()))) {
                add(
                        Anomaly.LOST_WRITE,
                        "in the end " + key + " holds " + contents.get(key) + ", and its last version is " + last);
            }
        }
    }

    private void judge(Recorded reader, Read read) {
        Set<Long> keys = new HashSet<>(read.lists().keySet());
        versions.keys().stream()
                .filter(key -> key >= read.low() && key <= read.high())
                .forEach(keys::add);
        keys.forEach(key -> judge(reader, read, key));
    }

    private void judge(Recorded reader, Read read, long key) {
        String where = "T" + reader.number() + " has read " + read.list(key) + " in " + key;
        Write own = lastOwn(reader, read, key);
        if (own != null) {
            judgeOwn(own, read.list(key), where);
            dependOnBase(reader, key, read.list(key));
            return;
        }
        ListVersion seen = seen(read, key, where);
        if (read.snapshot() != 0) {
            ListVersion shown = versions.newest(key, read.snapshot());
            if (!read.list(key).equals(shown == null ? List.of() : shown.list())) {
                add(
                        seen != null && seen.committedAt() > read.snapshot() ? Anomaly.G1B : Anomaly.SNAPSHOT,
                        where + ", and its snapshot shows " + (shown == null ? "nothing" : shown));
            } else {
                depend(reader, key, shown, where);
            }
        } else if (seen != null) {
            depend(reader, key, seen, where);
        }
    }

    private static @Nullable Write lastOwn(Recorded reader, Read read, long key) {
        Write last = null;
        for (Write write : reader.writes()) {
            if (write.key() == key && write.at() < read.at() && !write.isUndoneAt(read.at())) {
                last = write;
            }
        }
        return last;
    }

    /** What it has written last itself, whole; of what a crash took before it was in the log only the end is known. */
    private void judgeOwn(Write own, List<Long> list, String where) {
        boolean right;
        if (own.change() == Change.DELETE) {
            right = list.isEmpty();
        } else {
            ListVersion version = versions.endingIn(own.value());
            right = version == null
                    ? !list.isEmpty() && list.get(list.size() - 1) == own.value()
                    : version.list().equals(list);
        }
        if (!right) {
            add(Anomaly.INTERNAL, where + ", after " + own.change() + " of " + own.value());
        }
    }

    /** Who has appended has read what there was. */
    private void dependOnBase(Recorded reader, long key, List<Long> list) {
        for (int i = list.size() - 1; i >= 0 && committed.contains(reader.number()); i--) {
            int writer = Recorded.writer(list.get(i));
            if (writer != reader.number()) {
                graph.add(writer, reader.number(), Kind.WR, key);
                return;
            }
        }
    }

    /** The version that was read; null if it was an absence, or is none that may be read. */
    private @Nullable ListVersion seen(Read read, long key, String where) {
        List<Long> list = read.list(key);
        if (list.isEmpty()) {
            return null;
        }
        ListVersion version = versions.endingIn(list.get(list.size() - 1));
        if (version == null || !version.isCommitted()) {
            add(Anomaly.G1A, where + ", which was not committed");
            return null;
        }
        if (version.key() != key || !version.list().equals(list)) {
            add(Anomaly.VERSION_ORDER, where + ", and what was written is " + version + " in " + version.key());
            return null;
        }
        if (transactions.get(version.writer()).committingAt() > read.at()) {
            add(Anomaly.G1B, where + ": T" + version.writer() + " had not committed yet");
        }
        return version;
    }

    /** Edges from the version's writer to the reader, and from the reader to whoever made the next one. */
    private void depend(Recorded reader, long key, @Nullable ListVersion version, String where) {
        List<ListVersion> all = versions.of(key);
        int next = version == null ? 0 : all.indexOf(version) + 1;
        ListVersion follower = next < all.size() ? all.get(next) : null;
        if (version != null && follower != null && follower.writer() == version.writer()) {
            add(Anomaly.G1B, where + ": T" + version.writer() + " has written more, " + follower);
            return;
        }
        if (!committed.contains(reader.number())) {
            return;
        }
        if (version != null) {
            graph.add(version.writer(), reader.number(), Kind.WR, key);
        }
        if (follower != null) {
            boolean absent = version == null || version.list().isEmpty();
            graph.add(reader.number(), follower.writer(), absent ? Kind.RW_PREDICATE : Kind.RW, key);
        }
    }
}
