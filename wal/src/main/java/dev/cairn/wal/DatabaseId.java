package dev.cairn.wal;

import dev.cairn.wal.segment.Seeds;
import java.util.HexFormat;

/** Who a database is: 128 random bits, chosen at its creation, in every file of it. */
public record DatabaseId(long high, long low) {

    /** 64 bits of it, for the seeds of checksums. */
    public long seed() {
        return Seeds.mix(high) ^ low;
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
