package dev.cairn.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FailureTextTest {

    private final Throwable failure = new IllegalStateException("outer", new IllegalArgumentException("inner"));

    @Test
    void eachCauseIsALineWithItsPlace() {
        List<String> lines = FailureText.of(failure, false).lines().toList();
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(0)
                .startsWith(
                        "java.lang.IllegalStateException: outer (" + getClass().getName()));
        assertTrue(lines.get(1).startsWith("  caused by: java.lang.IllegalArgumentException: inner ("));
        assertTrue(lines.get(2).contains(FailureText.DEBUG));
    }

    @Test
    void stacksAreForThoseWhoAsk() {
        String text = FailureText.of(failure, true);
        assertTrue(text.startsWith("java.lang.IllegalStateException: outer\n\tat "), text);
        assertTrue(text.contains("\nCaused by: java.lang.IllegalArgumentException: inner\n"), text);
    }

    @Test
    void aCircleOfCausesEnds() {
        Throwable inner = new IllegalArgumentException("inner");
        Throwable outer = new IllegalStateException("outer", inner);
        inner.initCause(outer);
        assertEquals(3, FailureText.of(outer, false).lines().count());
    }
}
