package dev.cairn.tools.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Schema;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.wal.LoggedRecord;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoryTest {

    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int MOST_RECORDS = 20_000;

    @TempDir
    private Path directory;

    /** A log that grows by more than is read of it is read to the end all the same. */
    @Test
    void aReaderDoesNotRunAfterTheWriter() {
        DatabaseOptions options =
                DatabaseOptions.builder().segmentBytes(SEGMENT_BYTES).build();
        try (Database database = Database.open(directory, options)) {
            database.transact(TransactionOptions.DEFAULT, tx -> {
                tx.createTable(
                        "t", Schema.builder().column("s", ColumnType.TEXT).build());
                return 0;
            });
            LogDirectory log = LogDirectory.open(directory);
            long newest = log.segments().get(log.segments().size() - 1);
            long[] read = new long[1];
            long end = log.read(new LogVisitor() {
                        @Override
                        public boolean record(LoggedRecord record) {
                            assertTrue(record.start() / SEGMENT_BYTES <= newest, "a record of a later segment");
                            database.transact(TransactionOptions.DEFAULT, tx -> {
                                tx.table("t").insert(Row.of("x".repeat(4_000)));
                                return 0;
                            });
                            return ++read[0] < MOST_RECORDS;
                        }

                        @Override
                        public void gap(LogGap gap) {
                            throw new AssertionError("there is no gap: " + gap);
                        }
                    })
                    .lsn();
            assertTrue(read[0] > 100 && read[0] < MOST_RECORDS, read[0] + " records");
            assertTrue(end / SEGMENT_BYTES <= newest + 1, "the end is at " + end);
        }
    }
}
