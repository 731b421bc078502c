package dev.cairn.fuzz.isolation;

import dev.cairn.txn.IsolationLevel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A history that must not be; says which anomalies it holds, and then all of it. */
public final class IsolationFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MOST = 3;

    IsolationFailure(
            long seed,
            IsolationLevel level,
            List<Violation> violations,
            History history,
            Map<Long, List<Long>> contents) {
        super("at " + level + ", seed " + seed + ", " + violations.size() + " anomalies: " + text(violations)
                + "\nin the end: " + contents + text(history, text(violations)));
    }

    IsolationFailure(long seed, IsolationLevel level, Throwable cause, History history) {
        super("at " + level + ", seed " + seed + ": " + cause + text(history, ""), cause);
    }

    private static String text(List<Violation> violations) {
        return violations.stream().limit(MOST).map(Violation::toString).collect(Collectors.joining("; "));
    }

    /** The transactions that are named in there; all if it is empty. */
    private static String text(History history, String named) {
        return history.transactions().stream()
                .filter(some -> named.isEmpty() || named.matches("(?s).*\\bT" + some.number() + "\\b.*"))
                .map(some -> "\n    " + some)
                .collect(Collectors.joining());
    }
}
