package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.wal.Durability;
import org.junit.jupiter.api.Test;

/** The counters as PostgreSQL shows them. */
class SubxactCountersTest {

    private final Store store = Store.inline();
    private final Xact xact = store.begin();

    private void write(String savepoint) {
        xact.savepoint(savepoint);
        xact.currentXid();
    }

    private void expect(String counters) {
        assertEquals(counters, xact.counters().toString());
    }

    @Test
    void emptySavepointsGetTheirIdsWithTheFirstWriteAbove() {
        xact.currentXid();
        expect("(0,f)");
        xact.savepoint("empty");
        expect("(0,f)");
        for (int i = 1; i <= 63; i++) {
            write("s" + i);
        }
        expect("(64,f)");
        xact.rollbackTo("s1");
        expect("(1,f)");
        xact.currentXid();
        expect("(2,f)");
        for (int i = 1; i <= 31; i++) {
            write("t" + i);
        }
        expect("(33,f)");
        xact.commit(Durability.SYNC);
        expect("(0,f)");
    }

    @Test
    void theFlagStaysAndFreedPlacesAreUsedAgain() {
        for (int i = 1; i <= 65; i++) {
            write("s" + i);
        }
        expect("(64,t)");
        xact.rollbackTo("s65");
        expect("(64,t)");
        xact.rollbackTo("s60");
        expect("(59,t)");
        for (int i = 1; i <= 10; i++) {
            write("t" + i);
        }
        expect("(64,t)");
        xact.rollbackTo("s1");
        expect("(0,t)");
        xact.rollback(null);
        expect("(0,f)");
    }

    @Test
    void releaseKeepsAndErrorsRemove() {
        write("a");
        write("b");
        xact.release("a");
        expect("(2,f)");
        write("c");
        expect("(3,f)");
        xact.failLevel("22012");
        expect("(2,f)");
        xact.rollbackTo("c");
        xact.release("c");
        xact.failLevel("22012");
        expect("(0,f)");
    }

    @Test
    void theCapacityIsAnOption() {
        Store small = Store.withSettings(new TransactionSettings(2, Long.MAX_VALUE));
        Xact one = small.begin();
        for (int i = 0; i < 3; i++) {
            one.savepoint("s");
            one.currentXid();
        }
        assertEquals("(2,t)", one.counters().toString());
    }
}
