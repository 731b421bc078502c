package dev.cairn.fuzz.corrupt;

import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.segment.SegmentNames;
import java.util.SplittableRandom;

/**
 * Bits of a crashed database, flipped one at a time in this process without a watch over it. Log past the last durable mark may
 * read as a torn tail, so it is left alone; whatever else is damaged, opening and reading give all that was committed or a typed
 * error. Used by one thread.
 */
public final class DamageSample {

    private final Reference reference;
    private final long seed;
    private final long durableLsn;

    /** Makes the database of that seed. */
    public DamageSample(long seed) {
        this.seed = seed;
        this.reference = Reference.crashed(seed);
        this.durableLsn = lastMark(reference.image());
    }

    /** The greatest LSN that a record says is durable. */
    private static long lastMark(ByteImage image) {
        long durable = 0;
        try (ControlFile file = ControlFile.open(image)) {
            ControlState control = file.current();
            WalOptions options = WalOptions.of(control.segmentBytes(), 1 << 16, control.pageSize());
            try (WalReader log = WalReader.from(
                    image, options, control.databaseId(), control.redoPoint(), control.redoIncarnation())) {
                for (LoggedRecord logged = log.next(); logged != null; logged = log.next()) {
                    if (logged.record() instanceof WalRecord.DurableMark mark) {
                        durable = Math.max(durable, mark.durableLsn());
                    }
                }
            }
        }
        return durable;
    }

    /**
     * Flips a bit of one byte in {@code step}, the first being number {@code first}; returns how many were judged.
     *
     * @throws UnreportedDamage as soon as a wrong answer is given, or an error of no declared type
     */
    public long judge(long first, long step) {
        long judged = 0;
        long number = 0;
        for (String name : reference.image().list()) {
            byte[] bytes = reference.image().bytes(name);
            for (int at = 0; at < bytes.length; at++, number++) {
                if (number % step == first % step && isCertain(name, at)) {
                    judge(name, bytes, at);
                    judged++;
                }
            }
        }
        return judged;
    }

    private boolean isCertain(String name, int at) {
        long segment = SegmentNames.isLogFile(name) ? SegmentNames.segmentNo(name) : -1;
        return segment < 0 || segment * Reference.SEGMENT_BYTES + at < durableLsn;
    }

    private void judge(String name, byte[] bytes, int at) {
        int bit = new SplittableRandom(seed ^ at).nextInt(Byte.SIZE);
        bytes[at] ^= (byte) (1 << bit);
        try {
            DamageCheck.open(reference.image(), reference.contents());
        } catch (RuntimeException | Error e) {
            throw new UnreportedDamage("bit " + bit + " of byte " + at + " of " + name + " was flipped: " + e, e);
        } finally {
            bytes[at] ^= (byte) (1 << bit);
        }
    }
}
