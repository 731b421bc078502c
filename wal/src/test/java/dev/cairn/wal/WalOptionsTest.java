package dev.cairn.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WalOptionsTest {

    private static void isRefused(String name, int segmentBytes, int bufferBytes, int pageSize, int retained) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new WalOptions(segmentBytes, bufferBytes, pageSize, retained));
        assertTrue(e.getMessage().startsWith(name + " cannot be "), e.getMessage());
    }

    @Test
    void limitsAreAllowedAndWhatIsBeyondIsNamed() {
        assertEquals(4, WalOptions.of(16 << 10, 1, 512).retainedSegments());
        assertEquals(32 << 10, new WalOptions(1 << 30, 1 << 30, 32 << 10, 0).pageSize());
        assertEquals(128 << 10, WalOptions.of(128 << 10, 1, 32 << 10).segmentBytes());
        isRefused("pageSize", 16 << 10, 1, 256, 0);
        isRefused("pageSize", 1 << 30, 1, 64 << 10, 0);
        isRefused("pageSize", 16 << 10, 1, 513, 0);
        isRefused("segmentBytes", 8 << 10, 1, 512, 0);
        isRefused("segmentBytes", 64 << 10, 1, 32 << 10, 0);
        isRefused("segmentBytes", 3 << 13, 1, 512, 0);
        isRefused("segmentBytes", Integer.MIN_VALUE, 1, 512, 0);
        isRefused("bufferBytes", 16 << 10, 0, 512, 0);
        isRefused("bufferBytes", 16 << 10, (1 << 30) + 1, 512, 0);
        isRefused("retainedSegments", 16 << 10, 1, 512, -1);
    }

    /** Whatever images the log adds, a body of that length fits in a record, and a record in a segment. */
    @Test
    void lengthsFollowFromTheFormat() {
        WalOptions small = WalOptions.of(16 << 10, 1, 512);
        assertEquals((16 << 10) - 64, small.maxRecordBytes());
        assertEquals((16 << 10) - 64 - 25, small.maxBodyBytes(0));
        assertEquals((16 << 10) - 64 - 25 - 2 * (3 + 512), small.maxBodyBytes(2));
        assertEquals(1 << 20, WalOptions.of(64 << 20, 1, 8192).maxRecordBytes());
    }

    @Test
    void identitiesAreShownInHexadecimal() {
        assertEquals("000000000000000bfffffffffffffff0", new DatabaseId(11, -16).toString());
        assertEquals("3/ff", new IncarnationId(3, 255).toString());
        assertTrue(new DatabaseId(1, 2).seed() != new DatabaseId(2, 1).seed());
        assertTrue(new DatabaseId(1, 2).seed() != new DatabaseId(1, 3).seed());
    }
}
