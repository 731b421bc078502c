package dev.cairn.tools.log;

import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A log read newest first. Reads it forward once, remembering one bit a record and where every {@value #CHUNK}th starts, then
 * chunk after chunk from the end. Not thread-safe.
 */
final class ReverseLog {

    private static final int CHUNK = 1_000;

    /** Records that follow each other, and which of them are wanted. */
    private static final class Chunk {
        private final long start;
        private final IncarnationId incarnation;
        private final BitSet wanted = new BitSet();
        private int records;

        Chunk(LoggedRecord first) {
            start = first.start();
            incarnation = first.incarnation();
        }
    }

    private final LogDirectory log;
    private final List<Chunk> chunks = new ArrayList<>();
    private boolean behindGap = true;

    ReverseLog(LogDirectory log) {
        this.log = log;
    }

    /**
     * @param gaps told of what cannot be read, oldest first and before all records
     * @return where the log ends
     */
    WalEnd read(LogFilter filter, Consumer<LoggedRecord> action, Consumer<LogGap> gaps) {
        WalEnd end = log.read(new LogVisitor() {
            @Override
            public boolean record(LoggedRecord record) {
                if (filter.isBeyond(record)) {
                    return false;
                }
                add(record, filter.test(record));
                return true;
            }

            @Override
            public void gap(LogGap gap) {
                behindGap = true;
                gaps.accept(gap);
            }
        });
        for (int i = chunks.size() - 1; i >= 0; i--) {
            List<LoggedRecord> records = wanted(chunks.get(i));
            Collections.reverse(records);
            records.forEach(action);
        }
        return end;
    }

    private void add(LoggedRecord record, boolean isWanted) {
        if (behindGap || chunks.get(chunks.size() - 1).records == CHUNK) {
            chunks.add(new Chunk(record));
            behindGap = false;
        }
        Chunk chunk = chunks.get(chunks.size() - 1);
        chunk.wanted.set(chunk.records, isWanted);
        chunk.records++;
    }

    private List<LoggedRecord> wanted(Chunk chunk) {
        List<LoggedRecord> found = new ArrayList<>();
        if (chunk.wanted.isEmpty()) {
            return found;
        }
        log.readFrom(chunk.start, chunk.incarnation, new LogVisitor() {
            private int seen;

            @Override
            public boolean record(LoggedRecord record) {
                if (chunk.wanted.get(seen)) {
                    found.add(record);
                }
                seen++;
                return seen < chunk.records;
            }

            @Override
            public void gap(LogGap gap) {
                throw new LogCorruptException("log that could be read before cannot be read again: " + gap);
            }
        });
        return found;
    }
}
