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

    record Put(String table, long key, RowValue value) implements Change {
        @Override
        public void applyTo(Rows rows) {
            if (rows.has(table)) {
                rows.put(table, key, value);
            }
        }
    }

    record Delete(String table, long key) implements Change {
        @Override
        public void applyTo(Rows rows) {
            if (rows.has(table)) {
                rows.delete(table, key);
            }
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
