package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Two ask for one row in modes that go together, while each also gives one up: both get it. */
@JCStressTest
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "both got it, and in the end it is free")
@Outcome(expect = FORBIDDEN, desc = "somebody did not get it, or lost it at once, or a lock is left behind")
@State
public class TwoSharedStress {

    private final StressedRows rows = new StressedRows();
    private final Xact first = StressedTransactions.begin();
    private final Xact second = StressedTransactions.begin();

    @Actor
    public void first(ZZZ_Result result) {
        result.r1 = rows.tryLock(first, 0, RowLockMode.SHARE) && rows.isHeld(first, 0, RowLockMode.SHARE);
        StressedTransactions.commit(first);
    }

    @Actor
    public void second(ZZZ_Result result) {
        result.r2 = rows.tryLock(second, 0, RowLockMode.KEY_SHARE) && rows.isHeld(second, 0, RowLockMode.KEY_SHARE);
        StressedTransactions.commit(second);
    }

    @Arbiter
    public void inTheEnd(ZZZ_Result result) {
        result.r3 = !rows.isBusy(0);
    }
}
