package dev.cairn.wal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two append and wait for the disk: what the durable mark covers is there, their own records included. */
@JCStressTest
@Outcome(
        id = {"1, 2", "2, 1", "2, 2"},
        expect = ACCEPTABLE,
        desc = "each found its own record, and the other's if that came first")
@Outcome(expect = FORBIDDEN, desc = "what was said to be durable is not on disk")
@State
public class DurableStress {

    private final StressedWriter writer = StressedWriter.take();

    @Actor
    public void first(II_Result result) {
        result.r1 = append(1);
    }

    @Actor
    public void second(II_Result result) {
        result.r2 = append(2);
    }

    private int append(long xid) {
        WalWriter log = writer.log();
        log.awaitDurable(log.append(xid, xid == 1 ? StressedLog.SHORT : StressedLog.LONG));
        long[] there = writer.durableXids();
        for (long other : there) {
            if (other == xid) {
                return there.length;
            }
        }
        return -1;
    }

    @Arbiter
    public void inTheEnd(II_Result result) {
        writer.giveBack();
    }
}
