package dev.cairn.recovery;

import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The control file: two slots of {@link ControlSlot#BYTES} bytes, {@link #SLOT_DISTANCE} bytes apart, written in turns.
 *
 * <p>Why two, and why the older is overwritten: a write that a crash tears leaves the other slot as it was, and that one
 * still describes a state that can be recovered, because log segments are recycled only below the redo points of
 * <em>both</em> ({@link #oldestRedoPoint}). Why apart: a failing medium seldom stops at 4 KiB.
 *
 * <p>Why one valid slot is enough to open: after a crash in mid-write that is the ordinary case, and a newest slot that
 * rotted later looks the same. The older one then leads to a longer redo from an earlier redo point, to the same state.
 * What it says of the log's end is no longer to be taken at its word, since it may be one life behind ({@link #isAlone}).
 *
 * <p>Not thread-safe: recovery, then the checkpointer under its mutex.
 */
public final class ControlFile implements AutoCloseable {

    /** The file's name once its database exists. */
    public static final String NAME = "control";

    /** Its name while the database is being made. */
    public static final String NEW_NAME = "control.new";

    /** From one slot's first byte to the other's. */
    public static final int SLOT_DISTANCE = 64 << 10;

    private final Disk disk;
    private final String name;
    private @Nullable DiskFile file;
    private ControlState current;
    private int currentSlot;
    /** Redo point of the slot that is not current, or of the current one if the other is not valid. */
    private long otherRedoPoint;
    /** The other slot is not valid. */
    private boolean alone;

    private ControlFile(
            Disk disk,
            String name,
            @Nullable DiskFile file,
            ControlState current,
            int currentSlot,
            @Nullable ControlState other) {
        this.disk = disk;
        this.name = name;
        this.file = file;
        this.current = current;
        this.currentSlot = currentSlot;
        this.otherRedoPoint = other == null ? current.redoPoint() : other.redoPoint();
        this.alone = other == null;
    }

    /**
     * Makes {@link #NEW_NAME} with both slots saying the same, and makes the file and its name durable. It must be the first
     * file of a new database, so that whatever a crash leaves is known to be a creation that never finished.
     */
    static ControlFile create(Disk disk, ControlState first) {
        DiskFile file = disk.open(NEW_NAME, OpenMode.CREATE);
        try {
            file.allocate(0, SLOT_DISTANCE + ControlSlot.BYTES);
            file.write(0, ControlSlot.encode(first, 0));
            file.write(SLOT_DISTANCE, ControlSlot.encode(first, 1));
            file.sync(true);
            disk.syncDirectory();
            return new ControlFile(disk, NEW_NAME, file, first, 0, first);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Reads the control file; changes nothing, and opens it for writing only at the first {@link #write}.
     *
     * @throws ControlFileException if neither slot is valid
     * @throws FormatVersionException if a valid slot was written by another version
     */
    public static ControlFile open(Disk disk) {
        ControlSlot.Reading[] slots = readSlots(disk);
        for (ControlSlot.Reading slot : slots) {
            refuseOtherVersion(disk, slot.otherVersion());
        }
        ControlState a = slots[0].state();
        ControlState b = slots[1].state();
        if (a == null && b == null) {
            throw new ControlFileException("neither slot of " + disk.describe() + "/" + NAME + " is valid: slot 0: "
                    + slots[0].damage() + "; slot 1: " + slots[1].damage());
        }
        if (a != null && b != null && !a.databaseId().equals(b.databaseId())) {
            throw new ControlFileException("the slots of " + disk.describe() + "/" + NAME + " belong to two databases: "
                    + a.databaseId() + " and " + b.databaseId());
        }
        boolean first = b == null || (a != null && a.sequence() >= b.sequence());
        ControlState newest = Objects.requireNonNull(first ? a : b, "one of two slots is valid");
        ControlState other = first ? b : a;
        return new ControlFile(disk, NAME, null, newest, first ? 0 : 1, other);
    }

    /** What each of the two slots says, or why it cannot be read; changes nothing. */
    public static ControlSlot.Reading[] readSlots(Disk disk) {
        ControlSlot.Reading[] slots = new ControlSlot.Reading[2];
        try (DiskFile file = disk.open(NAME, OpenMode.READ)) {
            for (int i = 0; i < 2; i++) {
                slots[i] = read(file, i);
            }
        }
        return slots;
    }

    /** A slot that the medium does not give back is damaged like any other: the older one may do. */
    private static ControlSlot.Reading read(DiskFile file, int slot) {
        ByteBuffer bytes = ByteBuffer.allocate(ControlSlot.BYTES);
        try {
            file.readFully((long) slot * SLOT_DISTANCE, bytes);
        } catch (DiskException e) {
            return new ControlSlot.Reading(null, -1, String.valueOf(e.getMessage()));
        }
        return ControlSlot.decode(bytes.flip(), slot);
    }

    private static void refuseOtherVersion(Disk disk, int version) {
        if (version >= 0) {
            throw new FormatVersionException(disk.describe() + " has format version " + version + ", which is "
                    + (version > ControlSlot.FORMAT_VERSION ? "newer" : "older") + " than this program's "
                    + ControlSlot.FORMAT_VERSION);
        }
    }

    public ControlState current() {
        return current;
    }

    /** Whether the other slot is not valid: then it may have been the newer one. */
    boolean isAlone() {
        return alone;
    }

    /** Log before this is needed by neither slot. */
    public long oldestRedoPoint() {
        return Math.min(current.redoPoint(), otherRedoPoint);
    }

    /** Overwrites the older slot and makes it durable. After an exception the file says what it said before, or this. */
    void write(ControlState next) {
        if (next.sequence() != current.sequence() + 1) {
            throw new IllegalArgumentException("slot " + next.sequence() + " cannot follow slot " + current.sequence());
        }
        DiskFile target = file;
        if (target == null) {
            target = disk.open(name, OpenMode.WRITE);
            file = target;
        }
        int slot = 1 - currentSlot;
        target.writeThrough((long) slot * SLOT_DISTANCE, ControlSlot.encode(next, slot));
        otherRedoPoint = current.redoPoint();
        alone = false;
        current = next;
        currentSlot = slot;
    }

    /**
     * Gives a new database's control file its name: from here on the database exists. Everything it names must be durable.
     */
    void publish() {
        disk.rename(NEW_NAME, NAME);
        disk.syncDirectory();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
