package dev.cairn.fuzz.isolation;

import dev.cairn.txn.RowLockMode;
import java.util.List;
import java.util.Objects;

/**
 * Transactions written so that some interleaving of their steps would show an anomaly. A step is a few words: {@code r x} and
 * {@code a x} read and append to one list, {@code R} reads all by the index and {@code A} without, {@code l x} locks for update; {@code sp}, {@code back} and
 * {@code out} are SAVEPOINT, ROLLBACK TO and RELEASE; {@code c} and {@code u} are COMMIT and ROLLBACK; {@code b} begins;
 * {@code o x} is {@code r x} in a read-only transaction. The lists {@code x}, {@code y} and {@code z} are there at first, {@code p} and {@code q} are not.
 *
 * @param shows what some interleaving shows where the level allows it
 */
public record AnomalyScript(String name, Anomaly shows, List<List<String>> transactions) {

    private static final String KEYS = "xyzpq";

    /** How many keys a run needs. */
    static final int WIDTH = KEYS.length();

    private static AnomalyScript of(String name, Anomaly shows, String... transactions) {
        return new AnomalyScript(
                name,
                shows,
                List.of(transactions).stream()
                        .map(steps -> List.of(steps.split("; ")))
                        .toList());
    }

    /** Two transactions of five steps each: 252 interleavings. */
    public static List<AnomalyScript> ofTwo() {
        return List.of(
                of("dirty write", Anomaly.G0, "b; a x; a y; r x; c", "b; a x; a y; r y; c"),
                of("aborted read", Anomaly.G1A, "b; a x; r y; a y; u", "b; r x; r y; r x; c"),
                of("aborted savepoint", Anomaly.G1A, "sp; a x; back; a y; c", "b; r x; R; r x; c"),
                of("intermediate read", Anomaly.G1B, "b; a x; a x; a y; c", "b; r x; r y; r x; c"),
                of("circular flow", Anomaly.G1C, "b; a x; r y; r y; c", "b; a y; r x; r x; c"),
                of("lost update", Anomaly.LOST_UPDATE, "b; r x; a x; r x; c", "b; r x; a x; r x; c"),
                of("read skew", Anomaly.G_SINGLE, "b; r x; r y; r x; c", "b; a x; a y; r y; c"),
                of("read skew, undone reads", Anomaly.G_SINGLE, "sp; r x; back; R; c", "b; a x; a y; r y; c"),
                of("undone lock", Anomaly.G1A, "sp; l x; back; r y; c", "b; a x; r x; r y; c"),
                of("late lock", Anomaly.LOST_UPDATE, "b; l x; a x; r y; c", "b; r x; l x; a x; c"),
                of("write skew", Anomaly.G2_ITEM, "b; r x; r y; a x; c", "b; r x; r y; a y; c"),
                of("write skew, undone read", Anomaly.G2_ITEM, "sp; r y; back; a x; c", "sp; r x; out; a y; c"),
                of("phantom skew", Anomaly.G2, "b; R; r x; a p; c", "b; R; r y; a q; c"),
                of("phantom skew, whole table", Anomaly.G2, "b; A; r x; a p; c", "b; A; r y; a q; c"));
    }

    /** Three transactions of three steps each, the first of which begins: 1,680 interleavings. */
    public static List<AnomalyScript> ofThree() {
        return List.of(
                of("read-only anomaly", Anomaly.G2_ITEM, "R; a x; c", "r y; a y; c", "r x; r y; c"),
                of("read-only anomaly, declared", Anomaly.G2_ITEM, "R; a x; c", "r y; a y; c", "o x; r y; c"),
                of("skew of three", Anomaly.G2_ITEM, "r x; a y; c", "r y; a z; c", "r z; a x; c"),
                of("write skew beside a failure", Anomaly.G2_ITEM, "a y; a x; c", "r y; a x; c", "r x; a y; c"),
                of("writers in a ring", Anomaly.G0, "a x; a y; c", "a y; a z; c", "a z; a x; c"));
    }

    /** The key of that step; -1 if it has none. */
    static long key(String step, long first) {
        int space = step.indexOf(' ');
        return space < 0 ? -1 : first + KEYS.indexOf(step.charAt(space + 1));
    }

    /** @param first the key that {@code x} is */
    static void run(String step, ListSession session, long first) {
        long key = key(step, first);
        int space = step.indexOf(' ');
        switch (space < 0 ? step : step.substring(0, space)) {
            case "b" -> session.begin();
            case "o" -> {
                session.beginReadOnly();
                session.read(key, key);
            }
            case "r" -> session.read(key, key);
            case "R" -> session.read(first, first + KEYS.length() - 1);
            case "A" -> session.readAll(first, first + KEYS.length() - 1);
            case "a" -> session.append(key, true);
            case "l" -> session.lock(key, RowLockMode.UPDATE);
            case "sp" -> session.savepoint();
            case "back" -> session.rollbackTo();
            case "out" -> session.release();
            case "c" -> session.commit();
            case "u" -> session.rollback();
            default -> throw new IllegalArgumentException("unknown step " + step);
        }
    }

    public AnomalyScript {
        Objects.requireNonNull(shows);
        transactions = List.copyOf(transactions);
    }
}
