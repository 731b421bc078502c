package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A serializable reader of some rows, and their writer: of each row one of the two meets the other. The rows are fields that order nothing. */
@JCStressTest
@Outcome(
        id = "0",
        expect = ACCEPTABLE,
        desc = "the reader has seen what was written, or the writer has found the reader, or both")
@Outcome(expect = FORBIDDEN, desc = "so many conflicts are seen by nobody")
@State
public class ReadersStress {

    private static final int FILE = 1;
    private static final int ROWS = 16;
    private static final Serializability SERIALIZABILITY = new Serializability();
    private static final Xact XACT = StressedTransactions.begin();

    private final Readers readers = new Readers();
    private final SerialXact reader = new SerialXact(SERIALIZABILITY, readers, XACT);
    private final int[] rows = new int[ROWS];
    private final int[] seen = new int[ROWS];
    private final List<SerialXact> found = new ArrayList<>(ROWS);
    private final int[] foundBefore = new int[ROWS + 1];

    @Actor
    public void reader() {
        for (int row = 0; row < ROWS; row++) {
            reader.reads.addSingle(FILE, new Readers.RowTarget(FILE, row));
            seen[row] = rows[row];
        }
    }

    @Actor
    public void writer() {
        for (int row = 0; row < ROWS; row++) {
            rows[row] = 1;
            readers.ofRow(FILE, row, found);
            foundBefore[row + 1] = found.size();
        }
    }

    @Arbiter
    public void inTheEnd(I_Result result) {
        for (int row = 0; row < ROWS; row++) {
            if (seen[row] == 0 && foundBefore[row + 1] == foundBefore[row]) {
                result.r1++;
            }
        }
    }
}
