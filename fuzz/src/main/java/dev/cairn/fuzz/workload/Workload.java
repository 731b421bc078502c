package dev.cairn.fuzz.workload;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What sessions like to do: weights, relative to each other.
 *
 * @param write a row inserted, updated or deleted
 * @param nest a savepoint taken, released or rolled back to
 * @param end a transaction committed or rolled back
 * @param ddl a table created or dropped
 * @param check rows read and compared
 * @param fail a statement that fails
 * @param maintain a checkpoint, or a turn of the background machines
 * @param reopen the database closed cleanly and opened again
 * @param sessions that run beside each other
 * @param rows that a session keeps in a table, about
 * @param longRows of eight rows, how many have a payload of any length up to {@code maxPayload}; the others' are short
 * @param maxPayload characters
 * @param threads whether each session has a thread of its own and they change the same rows; else they take turns, and each
 *     has its own
 * @param keyed whether tables have keys and indexes
 * @param bulk many rows added at once, behind all others; with threads also all up to one removed
 * @param unsynced where sessions take turns: of eight commits, how many do not wait until they are durable
 */
public record Workload(
        String name,
        int write,
        int nest,
        int end,
        int ddl,
        int check,
        int fail,
        int maintain,
        int reopen,
        int sessions,
        int rows,
        int longRows,
        int maxPayload,
        boolean threads,
        boolean keyed,
        int bulk,
        int unsynced) {

    private static final int LOADS = 3;
    private static final int SOME_UNSYNCED = 2;
    private static final int MOST_UNSYNCED = 7;

    /** Of an index's key on the smallest pages. */
    private static final int MOST_INDEXED_PAYLOAD = 80;

    /** Savepoints taken, released and rolled back to, of several transactions at once. */
    public static final Workload SAVEPOINTS =
            new Workload("savepoints", 40, 30, 12, 2, 3, 2, 5, 1, 3, 60, 1, 60, false, false, 0, SOME_UNSYNCED);

    /** Many checkpoints and clean closings. */
    public static final Workload CHECKPOINTS =
            new Workload("checkpoints", 40, 10, 15, 1, 2, 1, 20, 4, 3, 60, 2, 200, false, false, 0, SOME_UNSYNCED);

    /** Tables made and dropped, in savepoints too. */
    public static final Workload DDL =
            new Workload("ddl", 15, 20, 12, 25, 4, 3, 6, 2, 3, 20, 1, 60, false, false, 0, SOME_UNSYNCED);

    /** More pages than the cache has frames, so that transactions in progress are written back and paged in again. */
    public static final Workload EVICTION =
            new Workload("eviction", 60, 10, 6, 1, 8, 1, 4, 1, 3, 100, 8, 300, false, false, 0, SOME_UNSYNCED);

    /** A few rows updated over and over by one session: pages fill with dead versions and are pruned, segments recycled. */
    public static final Workload CHURN =
            new Workload("churn", 50, 12, 30, 0, 4, 1, 8, 1, 1, 5, 2, 120, false, false, 0, SOME_UNSYNCED);

    /** Sessions on threads of their own that change the same few rows and tables. */
    public static final Workload CONCURRENT =
            new Workload("concurrent", 40, 18, 16, 3, 6, 2, 8, 0, 4, 24, 1, 60, true, false, 0, SOME_UNSYNCED);

    /** Tables with a primary key and other indexes, which come and go. */
    public static final Workload KEYS =
            new Workload("keys", 50, 20, 12, 6, 6, 4, 6, 1, 3, 50, 3, 80, false, true, 0, SOME_UNSYNCED);

    /** The same with sessions on threads of their own, which insert the same few keys. */
    public static final Workload RACES =
            new Workload("races", 45, 15, 16, 4, 6, 2, 8, 0, 4, 16, 1, 60, true, true, 0, SOME_UNSYNCED);

    /** Rows of several pages, replaced, kept and rolled back, so that values on pages of their own come and go. */
    public static final Workload LARGE =
            new Workload("large", 50, 14, 16, 2, 20, 1, 4, 1, 4, 8, 5, 3_000, false, true, 0, SOME_UNSYNCED);

    /**
     * Tables used as queues by sessions on threads of their own: rows come at one end and go at the other, many at a time, so that
     * pages of an index become empty and are used again elsewhere while others read through it.
     */
    public static final Workload QUEUE =
            new Workload("queue", 4, 4, 20, 1, 14, 1, 6, 0, 4, 40, 0, 40, true, true, 50, SOME_UNSYNCED);

    private static final List<Workload> ALL =
            List.of(SAVEPOINTS, CHECKPOINTS, DDL, EVICTION, CHURN, CONCURRENT, KEYS, RACES, LARGE, QUEUE);

    /** @throws IllegalArgumentException if there is no workload of this name */
    public static Workload named(String name) {
        for (Workload workload : ALL) {
            if (workload.name.equals(name)) {
                return workload;
            }
        }
        throw new IllegalArgumentException("no workload \"" + name + "\": there are "
                + ALL.stream().map(Workload::name).collect(Collectors.joining(", ")));
    }

    /**
     * The same with other weights, and sometimes with keys where it has none, or the other way round: what is seldom done together
     * here is often done together there, and some things not at all. Where sessions take turns, tables with keys are loaded with many rows at
     * once, so that an index that is made of one has pages of every kind. Sometimes it is {@link #hardlySynced}.
     */
    public Workload drawn(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            return this;
        }
        boolean other = random.nextInt(keyed ? 8 : 3) == 0;
        boolean indexed = keyed != other;
        boolean loads = indexed && !threads && !hasLargeRows();
        return new Workload(
                name,
                scaled(write, random) + 1,
                switched(nest, random),
                scaled(end, random) + 1,
                switched(loads ? 3 * ddl : ddl, random),
                switched(check, random),
                switched(fail, random),
                switched(maintain, random),
                switched(reopen, random),
                sessions,
                scaled(rows, random) + 1,
                longRows,
                indexed && !hasLargeRows() ? Math.min(maxPayload, MOST_INDEXED_PAYLOAD) : maxPayload,
                threads,
                indexed,
                loads ? LOADS : bulk,
                random.nextInt(4) == 0 ? MOST_UNSYNCED : unsynced);
    }

    /** The same with hardly a commit that waits for the log: much of what has been done hangs on it then. */
    public Workload hardlySynced() {
        return new Workload(
                name,
                write,
                nest,
                end,
                ddl,
                check,
                fail,
                maintain,
                reopen,
                sessions,
                rows,
                longRows,
                maxPayload,
                threads,
                keyed,
                bulk,
                MOST_UNSYNCED);
    }

    private static int switched(int weight, SplittableRandom random) {
        return random.nextInt(5) == 0 ? 0 : scaled(weight, random);
    }

    private static int scaled(int weight, SplittableRandom random) {
        return (weight << random.nextInt(3)) / 2;
    }

    /** Whether there are values that do not fit onto a page, of which no index can be made. */
    boolean hasLargeRows() {
        return maxPayload >= LARGE.maxPayload;
    }

    /** All of them. */
    public static List<Workload> all() {
        return ALL;
    }
}
