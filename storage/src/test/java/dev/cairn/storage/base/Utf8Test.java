package dev.cairn.storage.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

    private static final String SMILE = "\uD83D\uDE00";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\u007f\u0080\u07ff\u0800\uffff",
                SMILE + "a" + SMILE,
                "\uD83D",
                "\uDE00a",
                "a\uD83D" + SMILE
            })
    void theLengthIsThatOfTheBytes(String text) {
        assertEquals(text.getBytes(StandardCharsets.UTF_8).length, Utf8.length(text));
    }

    @Test
    void whatIsCutEndsWithAWholeCodePoint() {
        assertEquals("a".repeat(63), Utf8.cut("a".repeat(64), 63));
        assertEquals("a" + SMILE.repeat(2), Utf8.cut("a" + SMILE.repeat(3), 12));
        assertEquals("a" + SMILE.repeat(3), Utf8.cut("a" + SMILE.repeat(4), 13));
        assertEquals("", Utf8.cut("\u0800", 2));
        String fits = "\u00e9".repeat(5);
        assertSame(fits, Utf8.cut(fits, 10));
    }
}
