package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A commit that was acknowledged before a snapshot is taken is in it. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "acknowledged and seen")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "visible and not acknowledged yet")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "neither")
@Outcome(expect = FORBIDDEN, desc = "acknowledged and not seen")
@State
public class AcknowledgedStress {

    private final Xact writer = StressedTransactions.written();
    private final Xact reader = StressedTransactions.begin();
    private final long xid = writer.topXid();
    private volatile boolean acknowledged;

    @Actor
    public void writer() {
        StressedTransactions.commit(writer);
        acknowledged = true;
    }

    @Actor
    public void reader(ZZ_Result result) {
        result.r1 = acknowledged;
        result.r2 = StressedTransactions.sees(reader, StressedTransactions.snapshot(reader), xid);
    }

    @Arbiter
    public void inTheEnd(ZZ_Result result) {
        StressedTransactions.commit(reader);
    }
}
