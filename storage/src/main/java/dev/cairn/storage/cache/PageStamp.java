package dev.cairn.storage.cache;

/**
 * Where a page is and in which state, in one word: its frame, the frame's version, and whether the page was used since the clock's hand
 * last passed. A page has the same stamp twice only if it has not changed in between. One that may be changing, or is in no frame, has
 * {@link #NONE}.
 */
final class PageStamp {

    static final long NONE = 0;

    /** A frame's version is even while it may be read, so its lowest bit is free. */
    private static final long USED = 1;

    private static final int VERSION_BITS = 40;
    private static final long VERSION_MASK = (1L << VERSION_BITS) - 1;

    /** Frames beyond these many get no stamps. */
    private static final int MOST_FRAMES = (1 << (Long.SIZE - VERSION_BITS)) - 1;

    private PageStamp() {}

    /** The part of the stamps that says which frame. */
    static long place(int frame) {
        return frame < MOST_FRAMES ? (frame + 1L) << VERSION_BITS : NONE;
    }

    /** @param version even */
    static long of(long place, long version) {
        return place == NONE ? NONE : place | (version & VERSION_MASK);
    }

    static int frame(long stamp) {
        return (int) (stamp >>> VERSION_BITS) - 1;
    }

    static boolean isUsed(long stamp) {
        return (stamp & USED) != 0;
    }

    static long used(long stamp) {
        return stamp | USED;
    }

    static long unused(long stamp) {
        return stamp & ~USED;
    }
}
