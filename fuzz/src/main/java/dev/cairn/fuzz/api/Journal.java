package dev.cairn.fuzz.api;

import dev.cairn.engine.Row;
import dev.cairn.engine.TransactionListener;
import dev.cairn.fuzz.api.Acknowledged.Commit;
import dev.cairn.fuzz.trace.TransactionTrace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run has committed so far, and how certainly. Used by one thread. */
final class Journal<N> {

    private final List<Commit<N>> commits = new ArrayList<>();
    /** How many of them a loss of power must leave. */
    private int durable;
    /** How many of them the death of the process must leave. */
    private int written;

    Acknowledged<N> acknowledged(boolean powerFailure) {
        return new Acknowledged<>(commits, powerFailure ? durable : written);
    }

    /** Depends on all that a check may be told. */
    long state(boolean powerFailure) {
        return commits.size() * 1_000_003L + (powerFailure ? durable : written);
    }

    /** A clean close has made everything durable. */
    void closed() {
        durable = commits.size();
        written = durable;
    }

    /** A transaction's notes, kept and dropped as its savepoints are. */
    final class Entry implements TransactionListener {

        private record Note<N>(int depth, N what) {}

        private final TransactionTrace trace;
        private final Plan.Ending ending;
        private final List<Note<N>> notes = new ArrayList<>();

        Entry(TransactionTrace trace, Plan.Ending ending) {
            this.trace = trace;
            this.ending = ending;
        }

        void note(N what, int depth) {
            notes.add(new Note<>(depth, what));
        }

        @Override
        public void told(Event event, String name, @Nullable Row row, int depth) {
            trace.told(event, name, row, depth);
            switch (event) {
                case ROLLBACK_TO, FAILURE -> notes.removeIf(note -> note.depth() >= depth);
                case RELEASE -> notes.replaceAll(note -> new Note<>(Math.min(note.depth(), depth), note.what()));
                case COMMITTING -> begin();
                case COMMITTED -> acknowledge();
                case ROLLED_BACK -> notes.clear();
                case SAVEPOINT, INSERT, UPDATE, DELETE, CREATE_TABLE, DROP_TABLE -> {}
            }
        }

        private void begin() {
            commits.add(new Commit<>(
                    commits.size() + 1L, notes.stream().map(Note::what).toList()));
        }

        /** With a commit, all before it are as durable; one that wrote nothing waits for nobody. */
        private void acknowledge() {
            if (trace.wrote() && ending != Plan.Ending.LAZY) {
                written = commits.size();
                durable = ending == Plan.Ending.SYNC ? written : durable;
            }
        }
    }
}
