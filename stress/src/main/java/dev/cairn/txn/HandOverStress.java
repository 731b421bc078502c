package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** One gives a row back and asks for it again, another waits for it: whoever waits is woken, and both have it in the end. */
@JCStressTest
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "both had it, one after the other, and it is free")
@Outcome(expect = FORBIDDEN, desc = "somebody waited in vain, or a lock is left behind")
@State
public class HandOverStress {

    private final StressedRows rows = new StressedRows();
    private final Xact holder = StressedTransactions.begin();
    private final Xact again = StressedTransactions.begin();
    private final Xact waiter = StressedTransactions.begin();
    private final boolean held = rows.tryLock(holder, 0, RowLockMode.UPDATE);

    @Actor
    public void holder(ZZZ_Result result) {
        StressedTransactions.commit(holder);
        result.r1 = held && rows.lock(again, 0, RowLockMode.UPDATE);
        StressedTransactions.commit(again);
    }

    @Actor
    public void waiter(ZZZ_Result result) {
        result.r2 = rows.lock(waiter, 0, RowLockMode.UPDATE);
        StressedTransactions.commit(waiter);
    }

    @Arbiter
    public void inTheEnd(ZZZ_Result result) {
        result.r3 = !rows.isBusy(0);
    }
}
