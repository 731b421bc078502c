package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.recovery.ControlState.Phase;
import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.IncarnationId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlFileTest {

    private static final IncarnationId LIFE = new IncarnationId(1, 77);
    private static final ControlState FIRST = new ControlState(
            new DatabaseId(11, 12), 1, Phase.CREATING, 512, 16384, LIFE, LIFE, 1000, 1100, 0, 3, 2, 55, 1_000, 1_001);

    private final MemoryDisk disk = new MemoryDisk();
    private ControlState second;

    /** Slot 0 holds the creation, slot 1 the checkpoint after it. */
    @BeforeEach
    void twoSlots() {
        try (ControlFile file = ControlFile.create(disk, FIRST)) {
            second = FIRST.afterCheckpoint(2000, 2100, 9, 4, 56, 1_002);
            file.write(second);
            file.publish();
        }
    }

    @Test
    void readsBackWhatItWrote() {
        assertEquals(second, read(disk.image()).current());
        assertEquals(1000, read(disk.image()).oldestRedoPoint());
    }

    @Test
    void slotsAreWrittenInTurns() {
        ControlState state = second;
        for (int i = 0; i < 5; i++) {
            try (ControlFile file = ControlFile.open(disk)) {
                assertEquals(state, file.current());
                long before = state.redoPoint();
                state = state.afterCheckpoint(3000 + i, 4000 + i, 9, 4, 56, 1_003 + i);
                file.write(state);
                assertEquals(before, file.oldestRedoPoint());
            }
        }
        assertEquals(state, read(disk.image()).current());
    }

    @Test
    void sequenceNeverSkips() {
        try (ControlFile file = ControlFile.open(disk)) {
            assertThrows(IllegalArgumentException.class, () -> file.write(second));
        }
    }

    /** Whichever byte of the newer slot is damaged, by whichever bits: the older one is found, and nothing else. */
    @Test
    void damageToTheNewerSlotFallsBackToTheOlder() {
        for (int at = 0; at < ControlSlot.BYTES; at++) {
            Map<String, byte[]> image = disk.image();
            damage(image, ControlFile.SLOT_DISTANCE + at, 1 << at % 8);
            ControlFile file = read(image);
            assertEquals(FIRST, file.current(), "byte " + at);
            assertEquals(FIRST.redoPoint(), file.oldestRedoPoint());
        }
    }

    @Test
    void damageToTheOlderSlotChangesNothing() {
        for (int at = 0; at < ControlSlot.BYTES; at++) {
            Map<String, byte[]> image = disk.image();
            damage(image, at, 0xFF);
            assertEquals(second, read(image).current(), "byte " + at);
        }
    }

    @Test
    void damageToBothIsRefused() {
        for (int at = 0; at < ControlSlot.BYTES; at++) {
            Map<String, byte[]> image = disk.image();
            damage(image, at, 0x10);
            damage(image, ControlFile.SLOT_DISTANCE + ControlSlot.BYTES - 1 - at, 0x01);
            assertThrows(ControlFileException.class, () -> read(image), "byte " + at);
        }
    }

    @Test
    void aCutFileLosesTheSlotsBehindTheCut() {
        for (int size : new int[] {ControlFile.SLOT_DISTANCE, ControlFile.SLOT_DISTANCE + 4095, ControlSlot.BYTES}) {
            Map<String, byte[]> image = disk.image();
            image.put(ControlFile.NAME, java.util.Arrays.copyOf(image.get(ControlFile.NAME), size));
            assertEquals(FIRST, read(image).current());
        }
        Map<String, byte[]> image = disk.image();
        image.put(ControlFile.NAME, new byte[0]);
        assertThrows(ControlFileException.class, () -> read(image));
    }

    @Test
    void aSlotInTheOthersPlaceIsNotValid() {
        Map<String, byte[]> image = disk.image();
        byte[] bytes = image.get(ControlFile.NAME);
        System.arraycopy(bytes, ControlFile.SLOT_DISTANCE, bytes, 0, ControlSlot.BYTES);
        damage(image, ControlFile.SLOT_DISTANCE, 1);
        assertThrows(ControlFileException.class, () -> read(image));
    }

    @Test
    void anotherVersionInEitherSlotIsRefusedAsSuch() {
        for (int slot = 0; slot < 2; slot++) {
            for (int version : new int[] {2, 65535, 0}) {
                Map<String, byte[]> image = disk.image();
                stampVersion(image, slot, version);
                var e = assertThrows(FormatVersionException.class, () -> read(image));
                assertTrue(e.getMessage().contains(version > 1 ? "newer" : "older"), e.getMessage());
            }
        }
    }

    @Test
    void slotsOfTwoDatabasesAreRefused() {
        Map<String, byte[]> image = disk.image();
        ControlState foreign = new ControlState(
                new DatabaseId(11, 13), 9, Phase.OPEN, 512, 16384, LIFE, LIFE, 1000, 1100, 0, 3, 2, 55, 1_000, 1_001);
        System.arraycopy(ControlSlot.encode(foreign, 0).array(), 0, image.get(ControlFile.NAME), 0, ControlSlot.BYTES);
        assertThrows(ControlFileException.class, () -> read(image));
    }

    @Test
    void lifeAndCloseKeepWhatTheyDoNotChange() {
        ControlState next = second.inLife(new IncarnationId(2, 5), 7);
        assertEquals(LIFE, next.redoIncarnation());
        assertEquals(second.redoPoint(), next.redoPoint());
        ControlState closed = next.closedAt(9000, 8);
        assertEquals(Phase.CLEAN, closed.phase());
        assertEquals(9000, closed.endLsn());
        assertEquals(0, closed.inLife(new IncarnationId(3, 6), 9).endLsn());
    }

    private static ControlFile read(Map<String, byte[]> image) {
        MemoryDisk copy = MemoryDisk.of(image);
        try (ControlFile file = ControlFile.open(copy)) {
            return file;
        } finally {
            assertEquals(0, copy.operations(), "reading changes nothing");
        }
    }

    private static void damage(Map<String, byte[]> image, int at, int bits) {
        image.get(ControlFile.NAME)[at] ^= (byte) bits;
    }

    private static void stampVersion(Map<String, byte[]> image, int slot, int version) {
        ByteBuffer b = ByteBuffer.wrap(image.get(ControlFile.NAME), slot * ControlFile.SLOT_DISTANCE, ControlSlot.BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        b.putShort(ControlSlot.LAYOUT.offset("version"), (short) version);
        b.putInt(ControlSlot.LAYOUT.offset("crc"), 0);
        b.putInt(ControlSlot.LAYOUT.offset("crc"), Crc.of(slot, b.duplicate()));
    }
}
