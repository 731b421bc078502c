package dev.cairn.wal;

/** Who a database is: 128 random bits, chosen when it is made, in every file of it. */
public record DatabaseId(long high, long low) {

    /** The seed of every page checksum, and part of every log record's. */
    public long seed() {
        return high * 0x9E37_79B9_7F4A_7C15L ^ Long.rotateLeft(low, 32);
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
