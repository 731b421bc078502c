package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZZ_Result;

/** ROLLBACK TO gives back what was taken since, all of a page at once, and keeps the weaker lock from before. */
@JCStressTest
@Outcome(id = "false, false, true, true", expect = ACCEPTABLE, desc = "asked for before it was rolled back")
@Outcome(id = "false, true, true, true", expect = ACCEPTABLE, desc = "asked for in between")
@Outcome(id = "true, true, true, true", expect = ACCEPTABLE, desc = "asked for afterwards")
@Outcome(expect = FORBIDDEN, desc = "one given back without the other, the older lost, or something left behind")
@State
public class RollbackToStress {

    private final StressedRows rows = new StressedRows();
    private final Xact holder = StressedTransactions.begin();
    private final Xact other = StressedTransactions.begin();

    public RollbackToStress() {
        boolean all = rows.tryLock(holder, 0, RowLockMode.SHARE);
        holder.savepoint("s");
        all &= rows.tryLock(holder, 0, RowLockMode.UPDATE) & rows.tryLock(holder, 1, RowLockMode.UPDATE);
        if (!all) {
            throw new IllegalStateException("rows that nobody knows are locked");
        }
    }

    @Actor
    public void holder() {
        holder.rollbackTo("s");
    }

    @Actor
    public void other(ZZZZ_Result result) {
        result.r1 = rows.tryLock(other, 0, RowLockMode.KEY_SHARE);
        result.r2 = rows.tryLock(other, 1, RowLockMode.UPDATE);
    }

    @Arbiter
    public void inTheEnd(ZZZZ_Result result) {
        result.r3 = rows.isHeld(holder, 0, RowLockMode.SHARE) && !rows.isHeld(holder, 1, RowLockMode.UPDATE);
        StressedTransactions.commit(holder);
        StressedTransactions.commit(other);
        result.r4 = !rows.isBusy(0) && !rows.isBusy(1);
    }
}
