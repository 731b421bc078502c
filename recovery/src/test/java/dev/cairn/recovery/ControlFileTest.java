package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.recovery.ControlState.Phase;
import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.IncarnationId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
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

    /** The file and its name are durable before there is any other file; both slots say the same. */
    @Test
    void creationIsDurableBeforeItReturns() {
        MemoryDisk fresh = new MemoryDisk();
        ControlFile file = ControlFile.create(fresh, FIRST);
        assertEquals(
                List.of(
                        "create control.new",
                        "allocate control.new 0 69632",
                        "write control.new 0 4096",
                        "write control.new 65536 4096",
                        "sync control.new",
                        "syncDirectory"),
                fresh.events());
        assertTrue(!file.isAlone());
        assertEquals(FIRST.redoPoint(), file.oldestRedoPoint());
        fresh.forgetEvents();
        file.publish();
        assertEquals(List.of("rename control.new control", "syncDirectory"), fresh.events());
        file.close();
        file.close();
        assertEquals(0, fresh.openFiles());
        ControlFile reopened = ControlFile.open(fresh);
        fresh.forgetEvents();
        reopened.write(second);
        assertEquals(List.of("through control 65536 4096"), fresh.events(), "of two equal slots the first counts");
        reopened.close();
        assertEquals(0, fresh.openFiles());
    }

    @Test
    void aFailedCreationLeavesNothingOpen() {
        for (int at = 1; at < 6; at++) {
            MemoryDisk failing = new MemoryDisk();
            failing.failFrom(at);
            assertThrows(DiskException.class, () -> ControlFile.create(failing, FIRST));
            assertEquals(0, failing.openFiles(), "failed at " + at);
        }
    }

    /** A slot is written to the other's place, and only then is it the present one. */
    @Test
    void aWriteThatFailsChangesNothing() {
        try (ControlFile file = ControlFile.open(disk)) {
            disk.failFrom(disk.operations());
            assertThrows(DiskException.class, () -> file.write(second.again(1)));
            assertEquals(second, file.current());
            disk.heal();
            disk.forgetEvents();
            file.write(second.again(1));
            assertEquals(List.of("through control 0 4096"), disk.events());
            file.write(second.again(1).again(2));
            assertEquals("through control 65536 4096", disk.events().get(1));
        }
    }

    /** With one slot unreadable the other stands alone, until the next one is written. */
    @Test
    void oneValidSlotIsAloneUntilTheNextIsWritten() {
        assertTrue(!read(disk.image()).isAlone());
        for (int slot = 0; slot < 2; slot++) {
            Map<String, byte[]> image = disk.image();
            damage(image, slot * ControlFile.SLOT_DISTANCE + 50, 4);
            try (ControlFile file = ControlFile.open(MemoryDisk.of(image))) {
                assertTrue(file.isAlone());
                ControlState found = file.current();
                assertEquals(slot == 0 ? second : FIRST, found);
                assertEquals(found.redoPoint(), file.oldestRedoPoint());
                file.write(found.afterCheckpoint(7000, 7100, 9, 4, 1, 1));
                assertTrue(!file.isAlone());
                assertEquals(found.redoPoint(), file.oldestRedoPoint());
            }
        }
    }

    /** Whichever of the slots is the newer one, log is kept from the older one's redo point. */
    @Test
    void theOldestRedoPointIsOfBothSlots() {
        ControlState third = second.afterCheckpoint(3000, 3100, 9, 4, 56, 1);
        try (ControlFile file = ControlFile.open(disk)) {
            file.write(third);
        }
        ControlFile reopened = read(disk.image());
        assertEquals(third, reopened.current());
        assertEquals(2000, reopened.oldestRedoPoint());
    }

    /** A phase that this version does not know makes the slot unreadable, whatever its checksum says. */
    @Test
    void anUnknownPhaseIsDamage() {
        for (int phase : new int[] {0, 4, -1}) {
            ByteBuffer slot = ControlSlot.encode(second, 1).order(ByteOrder.LITTLE_ENDIAN);
            slot.put(ControlSlot.LAYOUT.offset("phase"), (byte) phase);
            slot.putInt(ControlSlot.LAYOUT.offset("crc"), 0);
            slot.putInt(ControlSlot.LAYOUT.offset("crc"), Crc.of(1, slot.duplicate()));
            ControlSlot.Reading reading = ControlSlot.decode(slot, 1);
            assertNull(reading.state());
            assertEquals("expected a phase from 1 to 3, found " + phase, reading.damage());
        }
        ControlSlot.Reading strange = ControlSlot.decode(ByteBuffer.allocate(ControlSlot.BYTES), 0);
        assertEquals("expected magic 4c5254434e524943, found 0", strange.damage());
        assertEquals(
                "expected 4096 bytes, found 7",
                ControlSlot.decode(ByteBuffer.allocate(7), 0).damage());
        ByteBuffer flipped = ControlSlot.encode(second, 0);
        flipped.put(100, (byte) 0x55);
        assertTrue(ControlSlot.decode(flipped, 0).damage().startsWith("expected checksum "));
    }

    /** What no engine can have written, under a checksum that holds: it must not get as far as the engine. */
    @Test
    void impossibleValuesAreDamage() {
        impossible("pageSize", 256, "expected a page size from 512 to 32768, found 256");
        impossible("pageSize", 65536, "found 65536");
        impossible("pageSize", 768, "found 768");
        impossible("segmentBytes", 8192, "expected segments of 16384 bytes to 1 GiB, found 8192");
        impossible("segmentBytes", 24576, "found 24576");
        impossible("segmentBytes", Integer.MIN_VALUE, "found -2147483648");
        impossible("nextXid", (int) dev.cairn.txn.XidAllocator.FIRST - 1, "expected a transaction id from 3 to 2^40");
        assertNull(ControlSlot.decode(ControlSlot.encode(with(512, 16384, (1L << 40) + 1, 9), 1), 1)
                .state());
        impossible("nextFileId", 0, "expected a file id as the next one, found 0");
        impossible("nextFileId", -1, "expected a file id as the next one, found -1");
        for (ControlState limit : List.of(
                with(512, 16384, dev.cairn.txn.XidAllocator.FIRST, 1),
                with(32768, 1 << 30, 1L << 40, Integer.MAX_VALUE),
                with(32768, 128 << 10, 9, 9))) {
            assertEquals(
                    limit, ControlSlot.decode(ControlSlot.encode(limit, 1), 1).state());
        }
        assertNull(ControlSlot.decode(ControlSlot.encode(with(32768, 64 << 10, 9, 9), 1), 1)
                .state());
    }

    private static ControlState with(int pageSize, int segmentBytes, long nextXid, int nextFileId) {
        return new ControlState(
                new DatabaseId(11, 12),
                1,
                Phase.OPEN,
                pageSize,
                segmentBytes,
                LIFE,
                LIFE,
                1000,
                1100,
                0,
                nextXid,
                nextFileId,
                55,
                1_000,
                1_001);
    }

    private static void impossible(String field, int value, String why) {
        ByteBuffer slot = ControlSlot.encode(FIRST, 0).order(ByteOrder.LITTLE_ENDIAN);
        slot.putInt(ControlSlot.LAYOUT.offset(field), value);
        slot.putInt(ControlSlot.LAYOUT.offset("crc"), 0);
        slot.putInt(ControlSlot.LAYOUT.offset("crc"), Crc.of(0, slot.duplicate()));
        ControlSlot.Reading reading = ControlSlot.decode(slot, 0);
        assertNull(reading.state(), field + " " + value);
        assertTrue(reading.damage().contains(why), reading.damage());
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
        assertEquals(Phase.OPEN, closed.inLife(new IncarnationId(3, 6), 9).phase());
        assertEquals(Phase.CREATING, FIRST.inLife(new IncarnationId(2, 5), 7).phase());
        assertEquals(Phase.CREATING, FIRST.again(8).phase());
        assertEquals(closed.endLsn(), closed.again(8).endLsn());
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
