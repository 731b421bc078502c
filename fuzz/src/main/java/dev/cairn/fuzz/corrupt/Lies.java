package dev.cairn.fuzz.corrupt;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What one hostile image says that is not so, and the values at which code breaks. Used by one thread. */
final class Lies {

    private final SplittableRandom random;
    private final int pageSize;
    private final List<String> told = new ArrayList<>();

    Lies(SplittableRandom random, int pageSize) {
        this.random = random;
        this.pageSize = pageSize;
    }

    /** For people. */
    List<String> told() {
        return told;
    }

    void add(String what) {
        told.add(what);
    }

    /** Puts a value at which code breaks; nothing if it does not fit. */
    void put(ByteBuffer into, int at, int width, String where) {
        if (at < 0 || at + width > into.capacity() || at + width < 0) {
            return;
        }
        long value = switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> -1;
            case 3 -> 0x7FFF_FFFF_FFFF_FFFFL;
            case 4 -> 0x7FFF_FFFFL;
            case 5 -> 1L << random.nextInt(Long.SIZE);
            case 6 -> pageSize - random.nextInt(8);
            case 7 -> into.get(at) + random.nextInt(5) - 2;
            case 8 -> random.nextInt(1000);
            default -> random.nextLong();
        };
        put(into, at, width, value, where);
    }

    /** Puts that value, as far as it fits into so many bytes; nothing if the place does not exist. */
    void put(ByteBuffer into, int at, int width, long value, String where) {
        if (at < 0 || at + width > into.capacity()) {
            return;
        }
        for (int i = 0; i < width; i++) {
            into.put(at + i, (byte) (value >>> (i * Byte.SIZE)));
        }
        told.add(where + " byte " + at + ": " + width + " bytes " + Long.toHexString(value));
    }
}
