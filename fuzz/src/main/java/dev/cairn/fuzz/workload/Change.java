package dev.cairn.fuzz.workload;

/** One thing that a transaction has done to the database, by name and value. */
sealed interface Change {

    String table();

    /** Does nothing to rows of a table that is not there: then it cannot have happened in that state. */
    void applyTo(Rows rows);

    /** Whether it can have happened to a database that holds these. */
    default boolean fits(Rows rows) {
        return rows.has(table());
    }

    /** Whether there is a row of that key because of it. */
    default boolean writes(String otherTable, long otherKey) {
        return false;
    }

    record Insert(String table, long key, RowValue value) implements Change {
        @Override
        public void applyTo(Rows rows) {
            if (rows.has(table)) {
                rows.put(table, key, value);
            }
        }

        @Override
        public boolean fits(Rows rows) {
            return rows.has(table) && !rows.rowsOf(table).containsKey(key);
        }

        @Override
        public boolean writes(String otherTable, long otherKey) {
            return table.equals(otherTable) && key == otherKey;
        }
    }

    /** A row that is there gets this value. */
    record Put(String table, long key, RowValue value) implements Change {
        @Override
        public void applyTo(Rows rows) {
            if (rows.has(table)) {
                rows.put(table, key, value);
            }
        }

        @Override
        public boolean fits(Rows rows) {
            return rows.has(table) && rows.rowsOf(table).containsKey(key);
        }

        @Override
        public boolean writes(String otherTable, long otherKey) {
            return table.equals(otherTable) && key == otherKey;
        }
    }

    record Delete(String table, long key) implements Change {
        @Override
        public void applyTo(Rows rows) {
            if (rows.has(table)) {
                rows.delete(table, key);
            }
        }

        @Override
        public boolean fits(Rows rows) {
            return rows.has(table) && rows.rowsOf(table).containsKey(key);
        }
    }

    /** The index that comes and goes is made, or dropped. */
    record Indexed(String table, boolean present) implements Change {
        @Override
        public void applyTo(Rows rows) {
            if (rows.has(table) && present) {
                rows.createIndex(table);
            } else {
                rows.dropIndex(table);
            }
        }

        @Override
        public boolean fits(Rows rows) {
            return rows.has(table) && rows.hasIndex(table) != present;
        }
    }

    record Create(String table) implements Change {
        @Override
        public void applyTo(Rows rows) {
            rows.create(table);
        }

        @Override
        public boolean fits(Rows rows) {
            return !rows.has(table);
        }
    }

    record Drop(String table) implements Change {
        @Override
        public void applyTo(Rows rows) {
            rows.drop(table);
        }
    }
}
