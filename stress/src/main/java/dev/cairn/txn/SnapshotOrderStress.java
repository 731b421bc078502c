package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;

/** Two commit one transaction each and look for both: of two snapshots one sees all that the other sees. */
@JCStressTest
@Outcome(
        id = {"true, true, true, true", "true, false, true, true", "true, true, false, true"},
        expect = ACCEPTABLE,
        desc = "each sees its own, and one of them the other's as well")
@Outcome(expect = FORBIDDEN, desc = "its own is not seen, or each sees what the other does not")
@State
public class SnapshotOrderStress {

    private final Xact first = StressedTransactions.written();
    private final Xact second = StressedTransactions.written();
    private final Xact firstReader = StressedTransactions.begin();
    private final Xact secondReader = StressedTransactions.begin();
    private final long firstXid = first.topXid();
    private final long secondXid = second.topXid();

    @Actor
    public void first(ZZZZ_Result result) {
        StressedTransactions.commit(first);
        Snapshot snapshot = StressedTransactions.snapshot(firstReader);
        result.r1 = StressedTransactions.sees(firstReader, snapshot, firstXid);
        result.r2 = StressedTransactions.sees(firstReader, snapshot, secondXid);
    }

    @Actor
    public void second(ZZZZ_Result result) {
        StressedTransactions.commit(second);
        Snapshot snapshot = StressedTransactions.snapshot(secondReader);
        result.r3 = StressedTransactions.sees(secondReader, snapshot, firstXid);
        result.r4 = StressedTransactions.sees(secondReader, snapshot, secondXid);
    }

    @Arbiter
    public void inTheEnd(ZZZZ_Result result) {
        StressedTransactions.commit(firstReader);
        StressedTransactions.commit(secondReader);
    }
}
