package dev.cairn.wal;

import dev.cairn.storage.testing.MemoryDisk;
import dev.cairn.wal.record.RecordOutput;
import dev.cairn.wal.record.WalCodec;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.Seeds;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A record as no writer writes it, under a checksum that holds. What is not set is as in a record of one's own. */
final class Forgery {

    private final IncarnationId life;
    private int type;
    private int flags;
    private int zero;
    private int previous;
    private byte[] payload = {0};

    private Forgery(IncarnationId life, int type) {
        this.life = life;
        this.type = type;
    }

    static Forgery of(IncarnationId life, WalRecord record) {
        return new Forgery(life, record.type().code()).body(0, new byte[0], record);
    }

    Forgery type(int code) {
        type = code;
        return this;
    }

    Forgery flags(int bits) {
        flags = bits;
        return this;
    }

    Forgery zero(int bits) {
        zero = bits;
        return this;
    }

    Forgery previous(int bytes) {
        previous = bytes;
        return this;
    }

    /** Image mask, the bytes of images with their headers, and the record's body. */
    Forgery body(int mask, byte[] images, WalRecord record) {
        RecordOutput body = WalCodec.encode(record, new RecordOutput());
        ByteBuffer b = ByteBuffer.allocate(1 + images.length + body.length());
        b.put((byte) mask).put(images).put(body.array(), 0, body.length());
        payload = b.array();
        return this;
    }

    /** An image's header, as given, and its bytes. */
    static byte[] image(int encoding, byte[] bytes) {
        ByteBuffer b = ByteBuffer.allocate(RecordFrame.IMAGE_HEADER_BYTES + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        b.put((byte) encoding).putShort((short) (bytes.length - 1)).put(bytes);
        return b.array();
    }

    /** Writes it into the first segment; returns its length. */
    int put(MemoryDisk disk, long start) {
        int length = RecordFrame.HEADER_BYTES + payload.length;
        ByteBuffer b = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(RecordFrame.LENGTH, length);
        b.put(RecordFrame.TYPE, (byte) type);
        b.put(RecordFrame.FLAGS, (byte) flags);
        b.putShort(RecordFrame.ZERO, (short) zero);
        b.putInt(RecordFrame.PREV_BYTES, previous);
        b.position(RecordFrame.HEADER_BYTES).put(payload);
        long seed = Seeds.ofRecord(Seeds.ofLife(Log.DATABASE.seed(), life.counter(), life.salt()), start);
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(seed)
                .flip());
        crc.update(b.array(), 0, length);
        b.putInt(RecordFrame.CRC, (int) crc.getValue());
        String name = SegmentNames.of(1);
        byte[] bytes = disk.bytes(name);
        int at = (int) (start - Log.SEGMENT);
        Arrays.fill(bytes, at, bytes.length, (byte) 0);
        System.arraycopy(b.array(), 0, bytes, at, length);
        disk.put(name, bytes);
        return length;
    }
}
