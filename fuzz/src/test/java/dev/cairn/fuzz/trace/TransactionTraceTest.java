package dev.cairn.fuzz.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.Row;
import dev.cairn.engine.TransactionListener.Event;
import org.junit.jupiter.api.Test;

class TransactionTraceTest {

    private final TransactionTraces traces = new TransactionTraces();

    @Test
    void savepointsAreATree() {
        TransactionTrace trace = traces.begin("session 1");
        trace.told(Event.INSERT, "t", Row.of(1L, "one"), 0);
        trace.told(Event.SAVEPOINT, "a", null, 1);
        trace.told(Event.UPDATE, "t", Row.of(1L, "two"), 1);
        trace.told(Event.SAVEPOINT, "b", null, 2);
        trace.told(Event.DELETE, "t", Row.of(1L, "two"), 2);
        trace.told(Event.ROLLBACK_TO, "", null, 1);
        trace.told(Event.FAILURE, "23502", null, 1);
        trace.told(Event.ROLLBACK_TO, "", null, 1);
        trace.told(Event.CREATE_TABLE, "u", null, 1);
        trace.told(Event.RELEASE, "", null, 0);
        trace.told(Event.COMMITTING, "", null, 0);
        assertTrue(trace.isInFlight());
        assertEquals("""
                  transaction 1 of session 1: commit begun, not acknowledged
                  ├─ insert t [1, one]
                  ├─ savepoint a: rolled back to
                  │  ├─ update t [1, two]
                  │  └─ savepoint b: gone with the rollback below
                  │     └─ delete t [1, two]
                  ├─ savepoint a: rolled back to
                  │  └─ failed 23502
                  └─ savepoint a: released
                     └─ create table u""".indent(2).stripTrailing(), traces.text());
    }

    @Test
    void whatIsUndoneWasNotWritten() {
        TransactionTrace trace = traces.begin("");
        trace.told(Event.SAVEPOINT, "a", null, 1);
        assertFalse(trace.wrote());
        trace.told(Event.DROP_TABLE, "t", null, 1);
        assertTrue(trace.wrote());
        trace.told(Event.ROLLBACK_TO, "", null, 1);
        assertFalse(trace.wrote());
        trace.told(Event.INSERT, "t", Row.of(1L), 1);
        trace.told(Event.RELEASE, "", null, 0);
        assertTrue(trace.wrote());
        trace.told(Event.ROLLED_BACK, "", null, 0);
        assertFalse(trace.wrote());
        assertFalse(trace.isInFlight());
    }

    @Test
    void onlyTheLastOfTheEndedAreShown() {
        TransactionTrace first = traces.begin("");
        TransactionTrace second = traces.begin("");
        TransactionTrace third = traces.begin("");
        first.told(Event.ROLLED_BACK, "", null, 0);
        second.told(Event.COMMITTED, "", null, 0);
        assertEquals(second + "\n" + third, traces.text());
        assertEquals(first + "\n" + second + "\n" + third, traces.allText());
    }
}
