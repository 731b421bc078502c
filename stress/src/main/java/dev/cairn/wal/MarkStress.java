package dev.cairn.wal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who has only looked at the mark finds every byte below it written. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "0, 2", "1, 1", "1, 2", "2, 2"},
        expect = ACCEPTABLE,
        desc = "so many whole records, later as many or more")
@Outcome(expect = FORBIDDEN, desc = "bytes below the mark that are no record, or a mark that went back")
@State
public class MarkStress {

    private final StressedBuffer log = StressedBuffer.take();

    @Actor
    public void appender() {
        log.appendFirst();
        log.appendSecond();
    }

    @Actor
    public void reader(II_Result result) {
        result.r1 = count(log.xids());
        result.r2 = count(log.xids());
    }

    private static int count(long[] xids) {
        return xids.length == 1 && xids[0] == -1 ? -1 : xids.length;
    }

    @Arbiter
    public void inTheEnd(II_Result result) {
        log.giveBack();
    }
}
