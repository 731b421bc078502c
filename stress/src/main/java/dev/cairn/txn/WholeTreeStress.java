package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/** A transaction comes into sight as a whole, stays, and leaves what it has rolled back behind. */
@JCStressTest
@Outcome(
        id = {"0, 0, false", "0, 3, false", "3, 3, false"},
        expect = ACCEPTABLE,
        desc = "nothing of it or all of it")
@Outcome(expect = FORBIDDEN, desc = "a part of it, less than before, or what was rolled back")
@State
public class WholeTreeStress {

    private final Xact writer = StressedTransactions.begin();
    private final Xact reader = StressedTransactions.begin();
    private final long[] kept = new long[3];
    private final long undone;

    public WholeTreeStress() {
        kept[0] = writer.currentXid();
        writer.savepoint("undone");
        undone = writer.currentXid();
        writer.rollbackTo("undone");
        writer.savepoint("released");
        kept[1] = writer.currentXid();
        writer.release("released");
        writer.savepoint("open");
        kept[2] = writer.currentXid();
    }

    @Actor
    public void writer() {
        StressedTransactions.commit(writer);
    }

    @Actor
    public void reader(IIZ_Result result) {
        Snapshot snapshot = StressedTransactions.snapshot(reader);
        for (long xid : kept) {
            result.r1 += StressedTransactions.sees(reader, snapshot, xid) ? 1 : 0;
        }
        Snapshot later = StressedTransactions.snapshot(reader);
        for (long xid : kept) {
            result.r2 += StressedTransactions.sees(reader, later, xid) ? 1 : 0;
        }
        result.r3 = StressedTransactions.sees(reader, later, undone);
    }

    @Arbiter
    public void inTheEnd(IIZ_Result result) {
        StressedTransactions.commit(reader);
    }
}
