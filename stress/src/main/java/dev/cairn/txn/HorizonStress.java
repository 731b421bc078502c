package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.ThreadScheduler;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** The horizon never passes a snapshot that is being taken (I13), however closely a publication and a scan follow each other. */
@JCStressTest
@Outcome(
        id = {"1, 0", "1, 1", "2, 0", "2, 1", "2, 2"},
        expect = ACCEPTABLE,
        desc = "the snapshot saw the publication or not, and the horizon is no newer")
@Outcome(expect = FORBIDDEN, desc = "the horizon has passed the snapshot")
@State
public class HorizonStress {

    private final CommitPublisher publisher = new CommitPublisher(
            StressedTransactions.SYSTEM.log(),
            StressedTransactions.SYSTEM.window(),
            new ThreadScheduler(),
            new Health());
    private final HorizonTable horizons = new HorizonTable(publisher, new ThreadScheduler());
    private final int slot = horizons.acquire();
    private long horizon;

    public HorizonStress() {
        publisher.restore(1);
    }

    @Actor
    public void reader(JJ_Result result) {
        result.r1 = horizons.take(slot);
    }

    @Actor
    public void publisher() {
        publisher.restore(2);
        horizon = horizons.horizon();
    }

    @Arbiter
    public void inTheEnd(JJ_Result result) {
        result.r2 = horizon;
    }
}
