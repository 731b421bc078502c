package dev.cairn.fuzz.workload;

import java.util.Locale;

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
 * @param maxPayload characters
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
        int maxPayload) {

    public static final Workload SAVEPOINTS = new Workload("savepoints", 40, 30, 12, 2, 3, 2, 5, 1, 60);
    public static final Workload CHECKPOINTS = new Workload("checkpoints", 40, 10, 15, 1, 2, 1, 20, 4, 200);
    public static final Workload DDL = new Workload("ddl", 15, 20, 12, 25, 4, 3, 6, 2, 60);

    /** @throws IllegalArgumentException if there is no workload of this name */
    public static Workload named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "savepoints" -> SAVEPOINTS;
            case "checkpoints" -> CHECKPOINTS;
            case "ddl" -> DDL;
            default ->
                throw new IllegalArgumentException(
                        "no workload \"" + name + "\": there are savepoints, checkpoints, ddl");
        };
    }
}
