package dev.cairn.fuzz.trace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/** The latest transactions of a run. Thread-safe, but a trace is its transaction's. */
public final class TransactionTraces {

    private static final int KEPT = 16;

    private final Deque<TransactionTrace> latest = new ArrayDeque<>();
    private long begun;

    /** A transaction begins: the trace is to be its listener. */
    public synchronized TransactionTrace begin(String who) {
        TransactionTrace trace = new TransactionTrace("transaction " + ++begun + (who.isEmpty() ? "" : " of " + who));
        latest.addLast(trace);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
        return trace;
    }

    /** How many have begun. */
    public synchronized long begun() {
        return begun;
    }

    /** Those in flight and the last that had ended, the oldest first; for people. */
    public synchronized String text() {
        TransactionTrace ended = null;
        for (TransactionTrace trace : latest) {
            ended = trace.isInFlight() ? ended : trace;
        }
        TransactionTrace lastEnded = ended;
        return latest.stream()
                .filter(trace -> trace.isInFlight() || trace.equals(lastEnded))
                .map(TransactionTrace::toString)
                .collect(Collectors.joining("\n"));
    }

    /** All that are remembered, the oldest first; for people. */
    public synchronized String allText() {
        return latest.stream().map(TransactionTrace::toString).collect(Collectors.joining("\n"));
    }
}
