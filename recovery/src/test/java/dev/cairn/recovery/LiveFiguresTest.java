package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.recovery.LiveFigures.Figure;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.DatabaseId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The file is read by strangers while it is written: whole, of this database and version, or not at all. */
class LiveFiguresTest {

    private static final DatabaseId DATABASE = new DatabaseId(3, 4);

    private final MemoryDisk disk = new MemoryDisk();

    private static byte[] figures() {
        Map<Figure, Long> values = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            values.put(figure, 1_000L + figure.ordinal());
        }
        return new LiveFigures(DATABASE, 77, values).encode().array();
    }

    private LiveFigures read(byte[] bytes) {
        disk.put(LiveFigures.FILE_NAME, bytes);
        return LiveFigures.read(disk, DATABASE);
    }

    private static byte[] sealed(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(LiveFigures.LAYOUT.offset("crc"), 0);
        b.putInt(LiveFigures.LAYOUT.offset("crc"), Crc.of(0, b.duplicate()));
        return bytes;
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = figures();
        assertEquals("CAIRNSTA", new String(bytes, 0, 8, StandardCharsets.US_ASCII));
        LiveFigures found = read(bytes);
        assertNotNull(found);
        assertEquals(DATABASE, found.databaseId());
        assertEquals(77, found.writtenMicros());
        assertEquals(Figure.values().length, found.values().size());
        for (Figure figure : Figure.values()) {
            assertEquals(1_000L + figure.ordinal(), found.values().get(figure), figure.key());
            assertTrue(figure.meaning().length() > 10);
        }
        assertEquals("log_largest_group", Figure.LOG_LARGEST_GROUP.key());
        assertEquals(0, disk.openFiles());
    }

    @Test
    void whatIsNotWholeIsNotRead() {
        assertNull(LiveFigures.read(disk, DATABASE), "there is none");
        byte[] bytes = figures();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertNull(read(bytes), "bit " + bit);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertNull(read(Arrays.copyOf(bytes, bytes.length - 1)));
        assertNotNull(read(Arrays.copyOf(bytes, bytes.length + 1)), "what a later version adds");
    }

    @Test
    void othersAreNotRead() {
        for (String field : new String[] {"magic", "version", "databaseHigh", "databaseLow"}) {
            byte[] bytes = figures();
            bytes[LiveFigures.LAYOUT.offset(field)] ^= 8;
            assertNull(read(sealed(bytes)), field);
        }
    }
}
