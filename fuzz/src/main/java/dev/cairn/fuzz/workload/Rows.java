package dev.cairn.fuzz.workload;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tables and their rows: a whole database's, or one session's share of it. Mutable; copied where it must not change. */
final class Rows {

    private final TreeMap<String, TreeMap<Long, RowValue>> tables = new TreeMap<>();
    /** The tables that have an index besides those that they are born with. */
    private final TreeSet<String> indexed = new TreeSet<>();

    Rows copy() {
        Rows copy = new Rows();
        tables.forEach((name, rows) -> copy.tables.put(name, new TreeMap<>(rows)));
        copy.indexed.addAll(indexed);
        return copy;
    }

    void create(String table) {
        tables.computeIfAbsent(table, name -> new TreeMap<>());
    }

    void drop(String table) {
        tables.remove(table);
        indexed.remove(table);
    }

    void createIndex(String table) {
        indexed.add(table);
    }

    void dropIndex(String table) {
        indexed.remove(table);
    }

    boolean hasIndex(String table) {
        return indexed.contains(table);
    }

    void put(String table, long key, RowValue value) {
        rowsOf(table).put(key, value);
    }

    void delete(String table, long key) {
        rowsOf(table).remove(key);
    }

    void addAll(Rows other) {
        other.tables.forEach((name, rows) ->
                tables.computeIfAbsent(name, n -> new TreeMap<>()).putAll(rows));
        indexed.addAll(other.indexed);
    }

    boolean has(String table) {
        return tables.containsKey(table);
    }

    SortedMap<String, TreeMap<Long, RowValue>> tables() {
        return Collections.unmodifiableSortedMap(tables);
    }

    TreeMap<Long, RowValue> rowsOf(String table) {
        TreeMap<Long, RowValue> rows = tables.get(table);
        if (rows == null) {
            throw new IllegalStateException("the model has no table " + table);
        }
        return rows;
    }

    int size() {
        return tables.values().stream().mapToInt(Map::size).sum();
    }

    /** Where two databases differ first, for people; empty if they do not. */
    static String difference(Rows expected, Rows found) {
        if (!expected.tables.keySet().equals(found.tables.keySet())) {
            return "tables: expected " + expected.tables.keySet() + ", found " + found.tables.keySet();
        }
        if (!expected.indexed.equals(found.indexed)) {
            return "tables with the index that comes and goes: expected " + expected.indexed + ", found "
                    + found.indexed;
        }
        for (String table : expected.tables.keySet()) {
            TreeMap<Long, RowValue> want = expected.rowsOf(table);
            TreeMap<Long, RowValue> have = found.rowsOf(table);
            for (Map.Entry<Long, RowValue> row : want.entrySet()) {
                RowValue other = have.get(row.getKey());
                if (!row.getValue().equals(other)) {
                    return table + " row " + row.getKey() + ": expected " + row.getValue() + ", found " + other;
                }
            }
            for (Map.Entry<Long, RowValue> row : have.entrySet()) {
                if (!want.containsKey(row.getKey())) {
                    return table + " row " + row.getKey() + ": not expected, found " + row.getValue();
                }
            }
        }
        return "";
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Rows that && tables.equals(that.tables) && indexed.equals(that.indexed);
    }

    @Override
    public int hashCode() {
        return tables.hashCode() * 31 + indexed.hashCode();
    }

    @Override
    public String toString() {
        return tables.toString();
    }
}
