package dev.cairn.fuzz.isolation;

import dev.cairn.fuzz.isolation.Recorded.Lock;
import dev.cairn.fuzz.isolation.Recorded.Write;
import java.util.List;
import java.util.function.Consumer;

/** What holds of a history whatever its lists contain: time and locks. Not thread-safe. */
final class HistoryRules {

    private final List<Recorded> transactions;
    private final Consumer<Violation> found;

    HistoryRules(List<Recorded> transactions, Consumer<Violation> found) {
        this.transactions = transactions;
        this.found = found;
    }

    /** Those that the level of the transactions forbids; a history of several levels is judged by the weakest. */
    static List<Violation> forbidden(List<Violation> all, List<Recorded> transactions) {
        return all.stream()
                .filter(violation -> transactions.stream()
                        .noneMatch(some -> violation.anomaly().isAllowedAt(some.level())))
                .toList();
    }

    /** No edge may lead to somebody who had ended before the other began. */
    void judgeTime(DependencyGraph graph) {
        for (DependencyGraph.Edge edge : graph.edges()) {
            if (transactions.get(edge.to()).endedAt()
                    < transactions.get(edge.from()).begunAt()) {
                found.accept(new Violation(
                        Anomaly.REAL_TIME,
                        edge + ", though T" + edge.to() + " had ended before T" + edge.from() + " began"));
            }
        }
    }

    /** Between a lock and its transaction's COMMIT nobody else writes. */
    void judgeLocks() {
        for (Recorded holder : transactions) {
            for (Lock lock : holder.locks()) {
                for (Recorded other : transactions) {
                    if (other != holder) {
                        other.writes().forEach(write -> judge(holder, lock, write));
                    }
                }
            }
        }
    }

    private void judge(Recorded holder, Lock lock, Write write) {
        if (write.key() == lock.key()
                && write.at() > lock.at()
                && write.at() < holder.committingAt()
                && holder.committingAt() < Long.MAX_VALUE
                && !lock.node().isUndoneAt(holder.committingAt())) {
            found.accept(new Violation(
                    Anomaly.LOCK_BROKEN,
                    write.value() + " was written to " + lock.key() + " by T"
                            + write.by().number() + ", locked by " + holder));
        }
    }
}
