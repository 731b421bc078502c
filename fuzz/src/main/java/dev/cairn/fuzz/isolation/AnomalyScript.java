package dev.cairn.fuzz.isolation;

import dev.cairn.txn.RowLockMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Transactions written so that some interleaving of their steps would show an anomaly. A step is a few words: {@code r x} and
 * {@code a x} read and append to one list, {@code R} reads all by the index and {@code A} without, {@code l x} locks for update; {@code sp}, {@code back} and
 * {@code out} are SAVEPOINT, ROLLBACK TO and RELEASE; {@code c} and {@code u} are COMMIT and ROLLBACK; {@code b} begins;
 * {@code o x} is {@code r x} in a read-only transaction. The lists {@code x}, {@code y} and {@code z} are there at first, {@code p}, {@code q} and {@code s} are not.
 *
 * @param shows what some interleaving shows where the level allows it
 */
public record AnomalyScript(String name, Anomaly shows, List<List<String>> transactions) {

    private static final String THERE = "xyz";
    private static final String NOT_THERE = "pqs";
    private static final String KEYS = THERE + NOT_THERE;

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

    /** How many orders three times five steps have. */
    public static final long THREE_LONG = 756_756;

    /** Three transactions of five steps each. */
    public static List<AnomalyScript> ofThreeLong() {
        return List.of(
                of(
                        "dirty writes",
                        Anomaly.G0,
                        "a x; a y; r x; a z; c",
                        "a y; a z; r y; a x; c",
                        "a z; a x; r z; a y; c"),
                of(
                        "aborted reads",
                        Anomaly.G1A,
                        "a x; sp; a y; back; u",
                        "a x; sp; a y; back; u",
                        "r x; R; r y; r x; c"),
                of(
                        "intermediate reads",
                        Anomaly.G1B,
                        "a x; a x; r y; a x; c",
                        "a x; a x; r y; a x; c",
                        "r x; R; r x; r y; c"),
                of(
                        "circular flow of three",
                        Anomaly.G1C,
                        "a x; r y; r z; r y; c",
                        "a y; r z; r x; r z; c",
                        "a z; r x; r y; r x; c"),
                of(
                        "lost updates",
                        Anomaly.LOST_UPDATE,
                        "r x; a x; r x; a x; c",
                        "r x; a x; r x; a x; c",
                        "r x; a x; r x; a x; c"),
                of(
                        "read skew of three",
                        Anomaly.G_SINGLE,
                        "R; r x; r y; R; c",
                        "a x; a y; r x; r y; c",
                        "a x; a y; r x; r y; c"),
                of(
                        "late locks of three",
                        Anomaly.LOST_UPDATE,
                        "r x; l x; a x; r y; c",
                        "r x; l x; a x; r y; c",
                        "r x; l x; a x; r y; c"),
                of(
                        "write skew of three",
                        Anomaly.G2_ITEM,
                        "r x; r y; r z; a x; c",
                        "r y; r z; r x; a y; c",
                        "r z; r x; r y; a z; c"),
                of(
                        "write skew, undone reads",
                        Anomaly.G2_ITEM,
                        "sp; r y; back; a x; c",
                        "sp; r z; back; a y; c",
                        "sp; r x; back; a z; c"),
                of(
                        "phantom skew of three",
                        Anomaly.G2,
                        "R; r x; a p; r y; c",
                        "R; r x; a q; r y; c",
                        "R; r x; a s; r y; c"));
    }

    /**
     * Whether two steps of different transactions do the same in either order: both only read, or one concerns its own transaction
     * alone. (Which of several a serializable database fails may yet depend on it.)
     */
    boolean isFreeSwap(int transaction, int step, int nextTransaction, int nextStep) {
        String one = transactions.get(transaction).get(step);
        String next = transactions.get(nextTransaction).get(nextStep);
        return isInternal(one) || isInternal(next) || (isRead(one) && isRead(next));
    }

    private static boolean isInternal(String step) {
        return Set.of("b", "sp", "out").contains(step);
    }

    private static boolean isRead(String step) {
        return step.startsWith("r ") || step.startsWith("o ") || step.equals("R") || step.equals("A");
    }

    /** The permutations of the transactions that, keys renamed, leave all as it is; the one that changes nothing among them. */
    List<int[]> symmetries() {
        List<int[]> found = new ArrayList<>();
        for (int[] permutation : permutations(transactions.size())) {
            if (permutations(THERE.length()).stream()
                    .anyMatch(there -> permutations(NOT_THERE.length()).stream()
                            .anyMatch(notThere -> isSame(permutation, there, notThere)))) {
                found.add(permutation);
            }
        }
        return found;
    }

    private boolean isSame(int[] permutation, int[] there, int[] notThere) {
        for (int i = 0; i < permutation.length; i++) {
            List<String> renamed = transactions.get(i).stream()
                    .map(step -> renamed(step, there, notThere))
                    .toList();
            if (!renamed.equals(transactions.get(permutation[i]))) {
                return false;
            }
        }
        return true;
    }

    private static String renamed(String step, int[] there, int[] notThere) {
        int space = step.indexOf(' ');
        if (space < 0) {
            return step;
        }
        int key = KEYS.indexOf(step.charAt(space + 1));
        int other = key < THERE.length() ? there[key] : THERE.length() + notThere[key - THERE.length()];
        return step.substring(0, space + 1) + KEYS.charAt(other);
    }

    private static List<int[]> permutations(int size) {
        List<int[]> all = new ArrayList<>();
        all.add(new int[0]);
        for (int i = 0; i < size; i++) {
            List<int[]> longer = new ArrayList<>();
            for (int[] some : all) {
                for (int next = 0; next < size; next++) {
                    int candidate = next;
                    if (IntStream.of(some).noneMatch(taken -> taken == candidate)) {
                        int[] more = Arrays.copyOf(some, some.length + 1);
                        more[some.length] = next;
                        longer.add(more);
                    }
                }
            }
            all = longer;
        }
        return all;
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
