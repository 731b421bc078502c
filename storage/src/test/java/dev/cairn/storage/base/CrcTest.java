package dev.cairn.storage.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CrcTest {

    private static final byte[] TEXT = "xx123456789yy".getBytes(StandardCharsets.US_ASCII);

    @Test
    void isTheCastagnoliChecksumOfSeedAndData() {
        CRC32C expected = new CRC32C();
        expected.update(ByteBuffer.allocate(17)
                .putLong(Long.reverseBytes(0x1122334455667788L))
                .put(TEXT, 2, 9)
                .array());
        assertEquals((int) expected.getValue(), Crc.of(0x1122334455667788L, TEXT, 2, 9));
    }

    @Test
    void bufferAndArrayAgreeAndTheBufferIsLeftAlone() {
        ByteBuffer direct = ByteBuffer.allocateDirect(20).put(TEXT).position(2).limit(11);
        int crc = Crc.of(7, direct);
        assertEquals(Crc.of(7, TEXT, 2, 9), crc);
        assertEquals(2, direct.position());
        assertEquals(11, direct.limit());
        assertNotEquals(crc, Crc.of(8, direct));
    }
}
