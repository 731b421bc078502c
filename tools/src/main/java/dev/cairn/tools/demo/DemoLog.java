package dev.cairn.tools.demo;

import dev.cairn.tools.log.LogDirectory;
import dev.cairn.tools.log.LogGap;
import dev.cairn.tools.log.LogVisitor;
import dev.cairn.tools.log.TransactionTree;
import dev.cairn.tools.log.TransactionTrees;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import dev.cairn.wal.record.WalRecord;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log of the demo's database says, read after the database was opened again. */
final class DemoLog {

    private static final int RECORDS_BEFORE = 9;
    private static final int RECORDS_AFTER = 4;

    private final String sampleLabel;
    private final ArrayDeque<LoggedRecord> latest = new ArrayDeque<>();
    private List<LoggedRecord> beforeOpening = List.of();
    private final List<LoggedRecord> afterOpening = new ArrayList<>();
    private long records;
    private long commits;
    private @Nullable TransactionTree sample;
    private @Nullable TransactionTree unfinished;

    private DemoLog(String sampleLabel) {
        this.sampleLabel = sampleLabel;
    }

    /** @param sampleBatch the batch whose tree is wanted */
    static DemoLog read(Path database, long sampleBatch) {
        DemoLog log = new DemoLog(DemoWriter.label(sampleBatch));
        TransactionTrees trees = new TransactionTrees(log::take, DemoLog::refuse);
        WalEnd end = LogDirectory.open(database).read(new LogVisitor() {
            @Override
            public boolean record(LoggedRecord record) {
                log.take(record);
                return trees.record(record);
            }

            @Override
            public void gap(LogGap gap) {
                refuse(gap);
            }
        });
        trees.end();
        if (end.lsn() <= 0) {
            throw new IllegalStateException("an empty log: " + end);
        }
        return log;
    }

    private static void refuse(LogGap gap) {
        throw new IllegalStateException("the log has a hole: " + gap);
    }

    private void take(LoggedRecord record) {
        records++;
        if (record.record() instanceof WalRecord.Incarnation) {
            beforeOpening = new ArrayList<>(latest);
            afterOpening.clear();
        }
        if (afterOpening.size() < RECORDS_AFTER) {
            afterOpening.add(record);
        }
        latest.add(record);
        if (latest.size() > RECORDS_BEFORE) {
            latest.remove();
        }
    }

    private void take(TransactionTree tree) {
        String label = tree.top().name();
        if (label.startsWith("batch ") && tree.fate() == TransactionTree.Fate.COMMITTED) {
            commits++;
        }
        if (label.equals(sampleLabel)) {
            sample = tree;
        }
        if (label.equals(DemoWriter.label(DemoPlan.IMPORT))) {
            unfinished = tree;
        }
    }

    long records() {
        return records;
    }

    /** Batches with a COMMIT record. */
    long commits() {
        return commits;
    }

    /** The last records that the killed process left. */
    List<LoggedRecord> beforeOpening() {
        return beforeOpening;
    }

    /** The first records of the life after it. */
    List<LoggedRecord> afterOpening() {
        return afterOpening;
    }

    /** Null if the log does not name it. */
    @Nullable TransactionTree sample() {
        return sample;
    }

    /** The import; null if none of it had reached the log. */
    @Nullable TransactionTree unfinished() {
        return unfinished;
    }
}
