package dev.cairn.storage.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageStampTest {

    private static final int LAST_FRAME = (1 << 24) - 2;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 77_777, LAST_FRAME})
    void saysWhichFrameAndWhetherItWasUsed(int frame) {
        long stamp = PageStamp.of(PageStamp.place(frame), 1234L << 1);
        assertNotEquals(PageStamp.NONE, stamp);
        assertEquals(frame, PageStamp.frame(stamp));
        assertFalse(PageStamp.isUsed(stamp));
        long used = PageStamp.used(stamp);
        assertEquals(frame, PageStamp.frame(used));
        assertTrue(PageStamp.isUsed(used));
        assertEquals(stamp, PageStamp.unused(used));
        assertNotEquals(stamp, PageStamp.of(PageStamp.place(frame), 1235L << 1));
    }

    @Test
    void aFrameBeyondTheLastOneGetsNone() {
        assertEquals(PageStamp.NONE, PageStamp.of(PageStamp.place(LAST_FRAME + 1), 2));
    }

    @Test
    void theFirstVersionIsAStampToo() {
        assertNotEquals(PageStamp.NONE, PageStamp.of(PageStamp.place(0), 0));
    }
}
