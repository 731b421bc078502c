package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** Two ask for one row for themselves without waiting: one gets it. */
@JCStressTest
@Outcome(
        id = {"true, false, true", "false, true, true"},
        expect = ACCEPTABLE,
        desc = "one got it, and in the end it is free")
@Outcome(expect = FORBIDDEN, desc = "both, neither, or a lock that is left behind")
@State
public class TwoExclusiveStress {

    private final StressedRows rows = new StressedRows();
    private final Xact first = StressedTransactions.begin();
    private final Xact second = StressedTransactions.begin();

    @Actor
    public void first(ZZZ_Result result) {
        result.r1 = rows.tryLock(first, 0, RowLockMode.UPDATE);
    }

    @Actor
    public void second(ZZZ_Result result) {
        result.r2 = rows.tryLock(second, 0, RowLockMode.NO_KEY_UPDATE);
    }

    @Arbiter
    public void inTheEnd(ZZZ_Result result) {
        StressedTransactions.commit(first);
        StressedTransactions.commit(second);
        result.r3 = !rows.isBusy(0);
    }
}
