package dev.cairn.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Unlinks files that no transaction can need any more: those of dropped tables once every snapshot is younger than the drop,
 * and those whose creation was undone. Thread-safe. What a crash keeps it from doing, recovery does.
 */
final class FileReaper {

    private record Candidate(int fileId, long afterLsn) {}

    private final Database database;
    private final Queue<Candidate> waiting = new ArrayDeque<>();

    FileReaper(Database database) {
        this.database = database;
    }

    /** @param afterLsn the horizon must have reached this before the file may go */
    synchronized void add(int fileId, long afterLsn) {
        waiting.add(new Candidate(fileId, afterLsn));
    }

    /** Unlinks one file if one may go; false if there was none, or if it failed, which stops the engine. */
    boolean step() {
        Candidate candidate = takeReady(database.transactions().horizon());
        if (candidate == null) {
            return false;
        }
        try {
            database.catalog().forget(candidate.fileId());
            if (database.heapFiles().exists(candidate.fileId())) {
                database.heapFiles().drop(candidate.fileId());
            }
        } catch (RuntimeException | Error e) {
            database.health().fail(e);
            return false;
        }
        return true;
    }

    private synchronized @Nullable Candidate takeReady(long horizon) {
        Candidate first = waiting.peek();
        return first != null && first.afterLsn() <= horizon ? waiting.poll() : null;
    }
}
