package dev.cairn.fuzz.isolation;

import dev.cairn.txn.IsolationLevel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A history that must not be; says which anomalies it holds, and then all of it. */
public final class IsolationFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MOST = 3;

    /** What brings it about again, as {@link IsolationCampaign#only} takes it. */
    private final String name;

    IsolationFailure(
            String name,
            IsolationLevel level,
            List<Violation> violations,
            History history,
            Map<Long, List<Long>> contents) {
        super("at " + level + ", " + name + ", " + violations.size() + " anomalies: " + text(violations)
                + "\nin the end: " + contents + text(history, text(violations)));
        this.name = name;
    }

    IsolationFailure(String name, IsolationLevel level, Throwable cause, History history) {
        super("at " + level + ", " + name + ": " + cause + text(history, ""), cause);
        this.name = name;
    }

    /** Of the seed or the interleaving, as {@link IsolationCampaign#only} takes it. */
    public String name() {
        return name;
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
