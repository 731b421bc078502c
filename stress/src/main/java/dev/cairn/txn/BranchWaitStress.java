package dev.cairn.txn;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Who waits for what somebody has written in a savepoint is woken when that is rolled back to, with the transaction still open. */
@JCStressTest
@Outcome(
        id = "true, true",
        expect = ACCEPTABLE,
        desc = "woken, or in no need of it, and nobody is waited for in the end")
@Outcome(expect = FORBIDDEN, desc = "waited in vain, or still said to be waited for")
@State
public class BranchWaitStress {

    private final Xact writer = StressedTransactions.written();
    private final Xact waiter = StressedTransactions.begin();
    private final long branch;

    public BranchWaitStress() {
        writer.savepoint("s");
        branch = writer.currentXid();
    }

    @Actor
    public void writer() {
        writer.rollbackTo("s");
    }

    @Actor
    public void waiter(ZZ_Result result) {
        try {
            waiter.waitFor(branch);
            result.r1 = true;
        } catch (TransactionException e) {
            if (!e.sqlState().equals(SqlState.LOCK_NOT_AVAILABLE)) {
                throw e;
            }
        }
    }

    @Arbiter
    public void inTheEnd(ZZ_Result result) {
        result.r2 = !writer.waits().hasIncoming();
        StressedTransactions.commit(writer);
        StressedTransactions.commit(waiter);
    }
}
