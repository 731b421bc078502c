package dev.cairn.storage.btree;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A page of a B-link tree: the only code that changes an index page's bytes, for the running engine and for redo alike
 * (I10). No I/O, no log.
 *
 * <pre>
 *   0        48             64      lower          upper                                     page size
 *   | header | btree header | slots |  free space  | bodies, latest lowest | low | high      |
 * </pre>
 *
 * <p>A page holds the keys from {@code low} to below {@code high}, its fences, so that whoever comes to a page knows whether
 * it is the right one, however it came. What both fences begin with, every key on the page begins with: that prefix is
 * stored nowhere but in the fences. The first four bytes after it stand in the slot (the head), the rest in the body.
 *
 * <p>Level 0 holds keys; above, an entry is the least key of a child and the child's page number, but the first entry's key
 * counts as {@code low} and is not stored. Slots are in key order. A page without a right neighbour has no {@code high}.
 *
 * <p>Mutators need the page exclusively. Readers may run optimistically on a page that changes beside them: what they
 * return, or throw as {@link IndexOutOfBoundsException}, is then provisional. A mutator that is asked for what the page does
 * not allow throws {@link CorruptPageException} before it changes anything.
 */
public final class BTreePage {

    /** Length of the part of the header that only index pages have. */
    public static final int HEADER_BYTES = 16;

    public static final Layout LAYOUT = Layout.named("index page")
            .after(PageHeader.LAYOUT)
            .u32("rightPage", "the next page of the same level; 0: this is the last one and has no high fence")
            .u16("level", "0 for leaves")
            .u16("prefixBytes", "how many leading bytes both fences, and so all keys, have in common")
            .u16("lowBytes", "length of the low fence: no key here is less")
            .u16(
                    "highBytes",
                    "length of the high fence: all keys here are less; the fences end the page, low before high")
            .u32("spare", "zero")
            .size(HEADER_BYTES);

    static final int SLOT_BYTES = 8;

    public static final Layout SLOT = Layout.named("index page slot")
            .u32("head", "first four bytes of the key after the prefix, filled up with zeros, as a number")
            .u16("offset", "of the body, from the page's start; 0 if it has no bytes")
            .u16("length", "of the key without the prefix, head included")
            .size(SLOT_BYTES);

    /** Page flag: no entry of the level above leads here, only the page to the left. */
    public static final int NO_DOWNLINK = 1;
    /** Page flag: the page is not part of the tree and may be used again. */
    public static final int FREE = 1 << 1;

    static final int ALL_FLAGS = NO_DOWNLINK | FREE;

    /** The page where every search begins. It is never anything but the root. */
    public static final int ROOT = 1;

    static final int HEAD_BYTES = 4;
    static final int CHILD_BYTES = 4;
    /** Where entries begin. */
    public static final int SLOTS = LAYOUT.end();

    static final int MAX_LEVEL = 64;

    /** With fewer slots a guess gains nothing. */
    private static final int LEAST_GUESSED = 32;
    /** About the deviation of one key among 250 whose heads are random, in slots. */
    private static final int GUESS_ERROR = 8;

    private static final VarHandle HEAD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int RIGHT = LAYOUT.offset("rightPage");
    private static final int LEVEL = LAYOUT.offset("level");
    private static final int PREFIX = LAYOUT.offset("prefixBytes");
    private static final int LOW = LAYOUT.offset("lowBytes");
    private static final int HIGH = LAYOUT.offset("highBytes");
    private static final int OFFSET = SLOT.offset("offset");
    private static final int LENGTH = SLOT.offset("length");

    /** Two entries' slots and children, in a page whose two fences and one key are of the greatest length. */
    private static final int LEAST_ROOM = 2 * (SLOT_BYTES + CHILD_BYTES);

    private BTreePage() {}

    /** The longest key, in bytes, that every page can hold whatever its fences are: about a third of a page. */
    public static int maxKeyBytes(int pageSize) {
        return (pageSize - SLOTS - LEAST_ROOM) / 3;
    }

    // --- what it says

    /** Entries. */
    public static int count(PageBuffer page) {
        return (PageHeader.lower(page) - SLOTS) / SLOT_BYTES;
    }

    public static int level(PageBuffer page) {
        return page.getU16(LEVEL);
    }

    /** 0 if there is none. */
    public static int right(PageBuffer page) {
        return page.getInt(RIGHT);
    }

    public static boolean isFree(PageBuffer page) {
        return (PageHeader.flags(page) & FREE) != 0;
    }

    public static boolean hasDownlink(PageBuffer page) {
        return (PageHeader.flags(page) & NO_DOWNLINK) == 0;
    }

    /** A copy of the low fence. */
    public static byte[] low(PageBuffer page) {
        return bytes(page, lowAt(page), new byte[page.getU16(LOW)]);
    }

    /** As {@link #low(PageBuffer)}, in one of those arrays. */
    public static byte[] low(PageBuffer page, KeyArrays arrays) {
        return bytes(page, lowAt(page), arrays.ofLength(page.getU16(LOW)));
    }

    /** Whether the low fence is that key. */
    public static boolean beginsAt(PageBuffer page, byte[] key) {
        return compare(page, lowAt(page), page.getU16(LOW), key, 0) == 0;
    }

    /** A copy of the high fence, of no meaning without a right neighbour. */
    public static byte[] high(PageBuffer page) {
        return bytes(page, lowAt(page) + page.getU16(LOW), new byte[page.getU16(HIGH)]);
    }

    /** As {@link #high(PageBuffer)}, in one of those arrays. */
    public static byte[] high(PageBuffer page, KeyArrays arrays) {
        return bytes(page, lowAt(page) + page.getU16(LOW), arrays.ofLength(page.getU16(HIGH)));
    }

    /** A slot's head. */
    static int head(PageBuffer page, int slot) {
        return page.getInt(slotAt(slot));
    }

    /** A copy of a key. */
    public static byte[] key(PageBuffer page, int slot) {
        int prefix = page.getU16(PREFIX);
        int length = page.getU16(slotAt(slot) + LENGTH);
        byte[] key = new byte[prefix + length];
        page.get(lowAt(page), key, 0, prefix);
        int head = page.getInt(slotAt(slot));
        int inHead = Math.min(length, HEAD_BYTES);
        for (int i = 0; i < inHead; i++) {
            key[prefix + i] = (byte) (head >>> (Integer.SIZE - Byte.SIZE * (i + 1)));
        }
        page.get(restAt(page, slot), key, prefix + inHead, length - inHead);
        return key;
    }

    /** Length of a key. */
    public static int keyBytes(PageBuffer page, int slot) {
        return page.getU16(PREFIX) + page.getU16(slotAt(slot) + LENGTH);
    }

    /** The page below that an entry leads to. */
    public static int child(PageBuffer page, int slot) {
        return page.getInt(bodyAt(page, slot));
    }

    /** Whether the key is not below what the page holds. */
    public static boolean reachesDownTo(PageBuffer page, byte[] key) {
        return compare(page, lowAt(page), page.getU16(LOW), key, 0) <= 0;
    }

    /** Whether the page holds some keys below this one. */
    public static boolean reachesBelow(PageBuffer page, byte[] key) {
        return compare(page, lowAt(page), page.getU16(LOW), key, 0) < 0;
    }

    /** Whether the key is below the high fence, if there is one. */
    public static boolean endsAfter(PageBuffer page, byte[] key) {
        return right(page) == 0 || compare(page, lowAt(page) + page.getU16(LOW), page.getU16(HIGH), key, 0) > 0;
    }

    /** Whether all keys below this one are below the high fence. */
    public static boolean endsAtOrAfter(PageBuffer page, byte[] key) {
        return right(page) == 0 || compare(page, lowAt(page) + page.getU16(LOW), page.getU16(HIGH), key, 0) >= 0;
    }

    /** Whether that slot holds exactly this key. */
    public static boolean holdsAt(PageBuffer page, int slot, byte[] key) {
        return slot < count(page) && comparePrefix(page, key) == 0 && compareSlot(page, slot, key) == 0;
    }

    /** Whether that slot holds this key followed by a row id, and nothing else. Allocates nothing. */
    public static boolean isEntryOf(PageBuffer page, int slot, byte[] key) {
        int prefix = page.getU16(PREFIX);
        int length = page.getU16(slotAt(slot) + LENGTH);
        if (prefix + length != key.length + KeyCodec.ROW_ID_BYTES) {
            return false;
        }
        int inBody = prefix + HEAD_BYTES;
        if (inBody <= key.length) {
            return comparePrefix(page, key) == 0
                    && page.getInt(slotAt(slot)) == head(key, prefix)
                    && compare(page, restAt(page, slot), key.length - inBody, key, inBody) == 0;
        }
        for (int i = 0; i < key.length; i++) {
            if (keyByte(page, slot, prefix, i) != (key[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** The row id at the end of a key that has one. Allocates nothing. */
    public static long rowId(PageBuffer page, int slot) {
        int suffix = page.getU16(slotAt(slot) + LENGTH);
        if (suffix >= HEAD_BYTES + KeyCodec.ROW_ID_BYTES) {
            // All of it stands in the body.
            return KeyCodec.rowId(page, restAt(page, slot) + suffix - HEAD_BYTES - KeyCodec.ROW_ID_BYTES);
        }
        int prefix = page.getU16(PREFIX);
        int length = prefix + suffix;
        long rowId = 0;
        for (int i = length - KeyCodec.ROW_ID_BYTES; i < length; i++) {
            rowId = rowId << Byte.SIZE | keyByte(page, slot, prefix, i);
        }
        return rowId;
    }

    private static int keyByte(PageBuffer page, int slot, int prefix, int i) {
        if (i < prefix) {
            return page.getU8(lowAt(page) + i);
        }
        int inSuffix = i - prefix;
        return inSuffix < HEAD_BYTES
                ? page.getInt(slotAt(slot)) >>> (Integer.SIZE - Byte.SIZE * (inSuffix + 1)) & 0xFF
                : page.getU8(restAt(page, slot) + inSuffix - HEAD_BYTES);
    }

    /** Whether keys that begin with this one may stand behind this page too. */
    public static boolean mayGoOn(PageBuffer page, byte[] key) {
        int high = page.getU16(HIGH);
        if (right(page) == 0 || high < key.length) {
            return false;
        }
        int at = lowAt(page) + page.getU16(LOW);
        for (int i = 0; i < key.length; i++) {
            if (page.getU8(at + i) != (key[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** The first slot whose key is not less than this one; {@link #count} if there is none. */
    public static int lowerBound(PageBuffer page, byte[] key) {
        return search(page, key, 0, false);
    }

    /**
     * On a page above the leaves: the entry that leads to the child that holds the key.
     *
     * @param below rather the child that holds the keys just below this one
     */
    public static int childSlot(PageBuffer page, byte[] key, boolean below) {
        return Math.max(0, search(page, key, 1, !below) - 1);
    }

    private static int search(PageBuffer page, byte[] key, int from, boolean after) {
        int low = from;
        int high = count(page);
        int prefixOrder = comparePrefix(page, key);
        if (prefixOrder != 0) {
            return prefixOrder > 0 ? low : Math.max(low, high);
        }
        int head = head(key, page.getU16(PREFIX));
        if (high - low > LEAST_GUESSED) {
            // Two looks at either side of where the key should be keep the others to a line or two of memory.
            int guess = KeyGuess.slot(page, head, low, high - 1);
            int left = guess - GUESS_ERROR;
            int right = guess + GUESS_ERROR;
            if (left > low) {
                boolean before = isBefore(page, left, head, key, after);
                low = before ? left + 1 : low;
                high = before ? high : left;
            }
            if (right > low && right < high) {
                boolean before = isBefore(page, right, head, key, after);
                low = before ? right + 1 : low;
                high = before ? high : right;
            }
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(page, middle, head, key, after)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether a slot's key is before this one, whose head this is, or, with {@code after}, equal to it. */
    private static boolean isBefore(PageBuffer page, int slot, int head, byte[] key, boolean after) {
        int there = page.getInt(slotAt(slot));
        if (there != head) {
            return there + Integer.MIN_VALUE < head + Integer.MIN_VALUE;
        }
        int order = compareRest(page, slot, key);
        return order < 0 || (order == 0 && after);
    }

    /** The order of the page's prefix and the key's beginning; a key that is shorter than the prefix counts as before it. */
    private static int comparePrefix(PageBuffer page, byte[] key) {
        int prefix = page.getU16(PREFIX);
        if (prefix == 0) {
            return 0;
        }
        int at = lowAt(page);
        int common = Math.min(prefix, key.length);
        for (int i = 0; i < common; i++) {
            int order = page.getU8(at + i) - (key[i] & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return prefix > key.length ? 1 : 0;
    }

    /** The order of a slot's key and this one, which begins with the page's prefix. */
    private static int compareSlot(PageBuffer page, int slot, byte[] key) {
        int order = Integer.compareUnsigned(page.getInt(slotAt(slot)), head(key, page.getU16(PREFIX)));
        return order != 0 ? order : compareRest(page, slot, key);
    }

    /** As {@link #compareSlot}, if the heads are equal. */
    private static int compareRest(PageBuffer page, int slot, byte[] key) {
        int prefix = page.getU16(PREFIX);
        int length = page.getU16(slotAt(slot) + LENGTH);
        if (length <= HEAD_BYTES || key.length - prefix <= HEAD_BYTES) {
            return length - (key.length - prefix);
        }
        return compare(page, restAt(page, slot), length - HEAD_BYTES, key, prefix + HEAD_BYTES);
    }

    private static int compare(PageBuffer page, int at, int length, byte[] key, int keyFrom) {
        int common = Math.min(length, key.length - keyFrom);
        int i = 0;
        for (; i <= common - Long.BYTES; i += Long.BYTES) {
            long there = Long.reverseBytes(page.getLong(at + i));
            long here = (long) EIGHT.get(key, keyFrom + i);
            if (there != here) {
                return Long.compareUnsigned(there, here);
            }
        }
        for (; i < common; i++) {
            int order = page.getU8(at + i) - (key[keyFrom + i] & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return length - (key.length - keyFrom);
    }

    /** The first bytes of a key from one on, filled up with zeros. */
    static int head(byte[] key, int from) {
        if (from <= key.length - HEAD_BYTES) {
            return (int) HEAD.get(key, from);
        }
        int head = 0;
        for (int i = 0; i < HEAD_BYTES; i++) {
            head = head << Byte.SIZE | (from + i < key.length ? key[from + i] & 0xFF : 0);
        }
        return head;
    }

    // --- room

    /** Bytes that entries can still take, after compaction if need be. */
    public static int freeSpace(PageBuffer page) {
        return PageHeader.upper(page) - PageHeader.lower(page) + PageHeader.garbage(page);
    }

    /** Bytes that an entry takes here, its slot included. */
    public static int entryBytes(PageBuffer page, int keyLength) {
        return entryBytes(level(page), keyLength - page.getU16(PREFIX));
    }

    /** Bytes that an entry takes whose key has so many bytes after the page's prefix. */
    public static int entryBytes(int level, int suffixLength) {
        return SLOT_BYTES + (level > 0 ? CHILD_BYTES : 0) + Math.max(0, suffixLength - HEAD_BYTES);
    }

    public static boolean fits(PageBuffer page, byte[] key) {
        return entryBytes(page, key.length) <= freeSpace(page);
    }

    /** Whether the page's entries would fit it with that high fence, which may leave less in common. */
    public static boolean fitsWithHigh(PageBuffer page, byte[] high, boolean hasHigh) {
        byte[] low = low(page);
        int shorter = page.getU16(PREFIX) - (hasHigh ? KeyBytes.commonPrefix(low, high) : 0);
        int bytes = SLOTS + low.length + high.length;
        for (int slot = 0; slot < count(page); slot++) {
            bytes += entryBytes(level(page), page.getU16(slotAt(slot) + LENGTH) + shorter);
        }
        return bytes <= page.size();
    }

    // --- changes

    /**
     * Makes the page anew, without entries.
     *
     * @param right 0 if there is no page to the right; then {@code high} is empty
     * @param flags {@link #NO_DOWNLINK}, {@link #FREE}
     */
    public static void init(
            PageBuffer page, int fileId, int pageNo, int level, byte[] low, byte[] high, int right, int flags) {
        PageHeader.init(page, PageKind.BTREE, fileId, pageNo);
        PageHeader.flags(page, flags);
        page.putInt(RIGHT, right);
        page.putU16(LEVEL, level);
        page.putU16(PREFIX, right == 0 ? 0 : KeyBytes.commonPrefix(low, high));
        page.putU16(LOW, low.length);
        page.putU16(HIGH, high.length);
        int upper = page.size() - low.length - high.length;
        page.put(upper, low, 0, low.length);
        page.put(upper + low.length, high, 0, high.length);
        PageHeader.lower(page, SLOTS);
        PageHeader.upper(page, upper);
    }

    /** A page that has just come into use: the root of an empty tree, every other one free. */
    public static void initFresh(PageBuffer page, int fileId, int pageNo) {
        init(page, fileId, pageNo, 0, KeyBytes.LEAST, KeyBytes.LEAST, 0, pageNo == ROOT ? 0 : FREE);
    }

    /**
     * Makes the page anew with all its entries, in order.
     *
     * @param high empty if {@code right} is 0
     * @param children of no meaning on a leaf; above, the first key is not stored
     */
    public static void initWith(
            PageBuffer page,
            int fileId,
            int pageNo,
            int level,
            byte[] low,
            byte[] high,
            int right,
            byte[][] keys,
            int[] children) {
        init(page, fileId, pageNo, level, low, high, right, 0);
        fill(page, keys, children);
    }

    /** Makes the root anew: one level higher, with one child that has taken over all that it held. */
    public static void initRoot(PageBuffer page, int fileId, int level, int child) {
        init(page, fileId, ROOT, level, KeyBytes.LEAST, KeyBytes.LEAST, 0, 0);
        insert(page, 0, KeyBytes.LEAST, child);
    }

    /** Takes the page out of the tree. */
    public static void free(PageBuffer page) {
        long pageLsn = PageHeader.pageLsn(page);
        init(page, PageHeader.fileId(page), PageHeader.pageNo(page), 0, KeyBytes.LEAST, KeyBytes.LEAST, 0, FREE);
        PageHeader.pageLsn(page, pageLsn);
    }

    /** Whether an entry of the level above leads here. */
    public static void setDownlink(PageBuffer page, boolean present) {
        require(page, !isFree(page), "it is free", 0);
        int flags = PageHeader.flags(page);
        PageHeader.flags(page, present ? flags & ~NO_DOWNLINK : flags | NO_DOWNLINK);
    }

    /**
     * Adds an entry.
     *
     * @param slot its place; those from there on move up
     * @param child the page that it leads to; of no meaning on a leaf
     */
    public static void insert(PageBuffer page, int slot, byte[] key, int child) {
        int count = count(page);
        int level = level(page);
        boolean first = level > 0 && slot == 0;
        int prefix = first ? 0 : page.getU16(PREFIX);
        require(page, slot >= 0 && slot <= count && !isFree(page), "there is no such place", slot);
        require(page, first ? count == 0 : comparePrefix(page, key) == 0, "the key does not belong here", slot);
        int length = first ? 0 : key.length - prefix;
        int bytes = entryBytes(level, length);
        require(page, bytes <= freeSpace(page), "no space for the entry", slot);
        int body = bytes - SLOT_BYTES;
        if (PageHeader.upper(page) - PageHeader.lower(page) < bytes) {
            compact(page);
        }
        int lower = PageHeader.lower(page);
        int at = PageHeader.upper(page) - body;
        page.move(slotAt(slot), slotAt(slot + 1), lower - slotAt(slot));
        page.putInt(slotAt(slot), first ? 0 : head(key, prefix));
        page.putU16(slotAt(slot) + OFFSET, body == 0 ? 0 : at);
        page.putU16(slotAt(slot) + LENGTH, length);
        int rest = at;
        if (level > 0) {
            page.putInt(at, child);
            rest += CHILD_BYTES;
        }
        if (length > HEAD_BYTES) {
            page.put(rest, key, prefix + HEAD_BYTES, length - HEAD_BYTES);
        }
        PageHeader.lower(page, lower + SLOT_BYTES);
        PageHeader.upper(page, at);
    }

    /** Removes entries: their slots in ascending order. */
    public static void remove(PageBuffer page, int[] slots) {
        int count = count(page);
        for (int i = 0; i < slots.length; i++) {
            require(
                    page,
                    slots[i] >= 0 && slots[i] < count && (i == 0 || slots[i] > slots[i - 1]),
                    "no entry",
                    slots[i]);
            require(page, level(page) == 0 || slots[i] > 0, "the first child stays", slots[i]);
        }
        int garbage = PageHeader.garbage(page);
        for (int i = slots.length - 1; i >= 0; i--) {
            int slot = slots[i];
            garbage += entryBytes(level(page), page.getU16(slotAt(slot) + LENGTH)) - SLOT_BYTES;
            page.move(slotAt(slot + 1), slotAt(slot), PageHeader.lower(page) - slotAt(slot + 1));
            PageHeader.lower(page, PageHeader.lower(page) - SLOT_BYTES);
        }
        PageHeader.garbage(page, garbage);
    }

    /**
     * Makes the new right neighbour of a page that is about to be split: its entries from {@code at} on. The page itself stays
     * as it is until {@link #splitLeft}.
     */
    public static void splitRight(PageBuffer left, int at, byte[] separator, PageBuffer fresh, int freshNo) {
        byte[][] keys = keys(left, at, count(left));
        int[] children = children(left, at, count(left));
        init(fresh, PageHeader.fileId(left), freshNo, level(left), separator, high(left), right(left), NO_DOWNLINK);
        fill(fresh, keys, children);
    }

    /** Keeps the entries below {@code at}; {@code separator} becomes the high fence, the new page the right neighbour. */
    public static void splitLeft(PageBuffer left, int at, byte[] separator, int freshNo) {
        require(left, at >= 0 && at <= count(left) && !isFree(left), "cannot be split", at);
        require(left, level(left) == 0 || at > 0, "the first child stays", at);
        require(left, reachesBelow(left, separator) && endsAfter(left, separator), "the separator is outside", at);
        byte[][] keys = keys(left, 0, at);
        int[] children = children(left, 0, at);
        rebuild(left, PageHeader.flags(left), separator, freshNo, keys, children);
    }

    /** Puts all that the root holds on another page, which then is the root's only child. */
    public static void moveRoot(PageBuffer root, PageBuffer moved, int movedNo) {
        byte[][] keys = keys(root, 0, count(root));
        int[] children = children(root, 0, count(root));
        init(moved, PageHeader.fileId(root), movedNo, level(root), low(root), high(root), right(root), 0);
        fill(moved, keys, children);
    }

    /** Takes over the range of the right neighbour, which holds nothing, and its right neighbour. */
    public static void absorb(PageBuffer page, byte[] high, int right) {
        require(page, !isFree(page) && right(page) != 0, "has no neighbour to absorb", right);
        require(page, fitsWithHigh(page, high, right != 0), "no space for the fence", right);
        int count = count(page);
        rebuild(page, PageHeader.flags(page), high, right, keys(page, 0, count), children(page, 0, count));
    }

    /**
     * Judges the structure of a whole page, which must not be changing.
     *
     * @throws CorruptPageException naming what was expected and found
     */
    public static void check(PageBuffer page) {
        BTreePageCheck.run(page);
    }

    private static void compact(PageBuffer page) {
        int count = count(page);
        rebuild(page, PageHeader.flags(page), high(page), right(page), keys(page, 0, count), children(page, 0, count));
    }

    private static void rebuild(PageBuffer page, int flags, byte[] high, int right, byte[][] keys, int[] children) {
        long pageLsn = PageHeader.pageLsn(page);
        init(page, PageHeader.fileId(page), PageHeader.pageNo(page), level(page), low(page), high, right, flags);
        PageHeader.pageLsn(page, pageLsn);
        fill(page, keys, children);
    }

    private static void fill(PageBuffer page, byte[][] keys, int[] children) {
        for (int i = 0; i < keys.length; i++) {
            insert(page, i, keys[i], children[i]);
        }
    }

    private static byte[][] keys(PageBuffer page, int from, int to) {
        byte[][] keys = new byte[to - from][];
        for (int slot = from; slot < to; slot++) {
            keys[slot - from] = key(page, slot);
        }
        return keys;
    }

    private static int[] children(PageBuffer page, int from, int to) {
        int[] children = new int[to - from];
        for (int slot = from; slot < to && level(page) > 0; slot++) {
            children[slot - from] = child(page, slot);
        }
        return children;
    }

    // --- where things lie

    static int slotAt(int slot) {
        return SLOTS + slot * SLOT_BYTES;
    }

    static int slotLength(PageBuffer page, int slot) {
        return page.getU16(slotAt(slot) + LENGTH);
    }

    static int bodyAt(PageBuffer page, int slot) {
        return page.getU16(slotAt(slot) + OFFSET);
    }

    static int prefixBytes(PageBuffer page) {
        return page.getU16(PREFIX);
    }

    static int fenceBytes(PageBuffer page) {
        return page.getU16(LOW) + page.getU16(HIGH);
    }

    static int bodyBytes(PageBuffer page, int slot) {
        return entryBytes(level(page), slotLength(page, slot)) - SLOT_BYTES;
    }

    private static int restAt(PageBuffer page, int slot) {
        return bodyAt(page, slot) + (level(page) > 0 ? CHILD_BYTES : 0);
    }

    private static int lowAt(PageBuffer page) {
        return page.size() - fenceBytes(page);
    }

    private static byte[] bytes(PageBuffer page, int at, byte[] into) {
        page.get(at, into, 0, into.length);
        return into;
    }

    private static void require(PageBuffer page, boolean holds, String otherwise, int slot) {
        if (!holds) {
            throw new CorruptPageException(
                    PageHeader.fileId(page),
                    PageHeader.pageNo(page),
                    otherwise + " at entry " + slot + " (" + count(page) + " entries, level " + level(page) + ", "
                            + freeSpace(page) + " bytes free, flags " + PageHeader.flags(page) + ")");
        }
    }
}
