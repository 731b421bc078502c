package dev.cairn.tools.dump;

import dev.cairn.engine.Index;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import java.util.List;

/** Writes a dump in one format: the calls come in the order of the methods, {@link #row} once for each row of a table. */
interface DumpWriter {

    /**
     * A table as it is made anew.
     *
     * @param schema without keys: they are among the indexes
     */
    record Definition(String name, Schema schema, List<Index> indexes) {
        public Definition {
            indexes = List.copyOf(indexes);
        }
    }

    /** @param lsn all that was committed up to here is in the dump, and nothing else */
    void begin(String database, long lsn);

    void beginTable(Definition table);

    void row(Row row);

    void endTable();

    void end(long tables, long rows);
}
