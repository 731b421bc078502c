package dev.cairn.wal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two append and look at the log below its mark: whole records without gap or overlap, in the order of their LSNs. */
@JCStressTest
@Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "the first came first")
@Outcome(id = "2, 1, 1", expect = ACCEPTABLE, desc = "the second came first")
@Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "both had appended when each looked")
@Outcome(
        expect = FORBIDDEN,
        desc = "half a record, a gap, somebody's own record above the mark, or LSNs in another order")
@State
public class AppendersStress {

    private final StressedBuffer log = StressedBuffer.take();
    private long firstEnd;
    private long secondEnd;

    @Actor
    public void first(III_Result result) {
        firstEnd = log.appendFirst();
        result.r1 = count(log.xids(), 1);
    }

    @Actor
    public void second(III_Result result) {
        secondEnd = log.appendSecond();
        result.r2 = count(log.xids(), 2);
    }

    private static int count(long[] xids, long own) {
        for (long xid : xids) {
            if (xid == own) {
                return xids.length;
            }
        }
        return -1;
    }

    @Arbiter
    public void inTheEnd(III_Result result) {
        long[] xids = log.xids();
        boolean ordered = xids.length == 2 && firstEnd > 0 && secondEnd > 0 && (firstEnd < secondEnd) == (xids[0] == 1);
        result.r3 = ordered ? 1 : 0;
        log.giveBack();
    }
}
