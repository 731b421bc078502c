package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The horizon never passes a snapshot that is open (I13), however closely the two follow each other. */
@JCStressTest
@Outcome(
        id = {"true, true", "true, false"},
        expect = ACCEPTABLE,
        desc = "the snapshot saw the commit or not, and the horizon stayed")
@Outcome(expect = FORBIDDEN, desc = "the horizon has passed the snapshot")
@State
public class HorizonStress {

    private final Xact writer = StressedTransactions.written();
    private final Xact reader = StressedTransactions.begin();
    private final long xid = writer.topXid();
    private long horizon;
    private long snapshotLsn;

    @Actor
    public void reader(ZZ_Result result) {
        Snapshot snapshot = StressedTransactions.snapshot(reader);
        snapshotLsn = snapshot.lsn();
        result.r2 = StressedTransactions.sees(reader, snapshot, xid);
    }

    @Actor
    public void writer() {
        StressedTransactions.commit(writer);
        horizon = StressedTransactions.SYSTEM.horizon();
    }

    @Arbiter
    public void inTheEnd(ZZ_Result result) {
        result.r1 = horizon <= snapshotLsn;
        StressedTransactions.commit(reader);
    }
}
