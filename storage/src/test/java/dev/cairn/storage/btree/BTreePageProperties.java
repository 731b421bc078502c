package dev.cairn.storage.btree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** An index page against a sorted map from key to child. */
class BTreePageProperties {

    private static final int FILE = 7;
    private static final int PAGE = 11;
    private static final int RIGHT = 12;

    /** A page, its model, and a second page to which every call is repeated. */
    private static final class Pair {
        final int size;
        final int level;
        final Random random;
        final byte[] shared;
        final TreeMap<byte[], Integer> model = new TreeMap<>(Arrays::compareUnsigned);
        PageBuffer page;
        PageBuffer again;

        Pair(int size, int level, long seed) {
            this.size = size;
            this.level = level;
            this.random = new Random(seed);
            this.shared = new byte[random.nextInt(6)];
            random.nextBytes(shared);
            byte[] low = join(shared, new byte[] {10});
            byte[] high = join(shared, new byte[] {(byte) 200, 1});
            page = PageBuffer.allocate(size);
            again = PageBuffer.allocate(size);
            for (PageBuffer each : List.of(page, again)) {
                BTreePage.init(each, FILE, PAGE, level, low, high, RIGHT, 0);
                if (level > 0) {
                    BTreePage.insert(each, 0, low, 5);
                }
            }
            if (level > 0) {
                model.put(KeyBytes.LEAST, 5);
            }
        }

        void step() {
            if (random.nextInt(100) < 65 || model.size() < 2) {
                insert();
            } else {
                remove();
            }
        }

        private byte[] randomKey() {
            int most = Math.max(1, BTreePage.maxKeyBytes(size) - shared.length - 1);
            byte[] rest = new byte[random.nextInt(random.nextInt(12) == 0 ? most : Math.min(10, most))];
            for (int i = 0; i < rest.length; i++) {
                rest[i] = (byte) (random.nextInt(3) - 1);
            }
            return join(join(shared, new byte[] {(byte) (11 + random.nextInt(4))}), rest);
        }

        private void insert() {
            byte[] key = randomKey();
            int slot = BTreePage.lowerBound(page, key);
            assertEquals(model.headMap(key, false).size(), slot);
            assertEquals(model.containsKey(key), BTreePage.holdsAt(page, slot, key));
            if (model.containsKey(key)) {
                return;
            }
            if (!BTreePage.fits(page, key)) {
                byte[] before = bytes(page);
                assertThrows(CorruptPageException.class, () -> BTreePage.insert(page, slot, key, 9));
                assertArrayEquals(before, bytes(page), "a refused insert changes nothing");
                return;
            }
            int child = 1 + random.nextInt(1 << 30);
            BTreePage.insert(page, slot, key, child);
            BTreePage.insert(again, slot, key, child);
            model.put(key, child);
        }

        private void remove() {
            int from = level > 0 ? 1 : 0;
            int slot = from + random.nextInt(model.size() - from);
            int[] slots =
                    slot + 1 < model.size() && random.nextBoolean() ? new int[] {slot, slot + 1} : new int[] {slot};
            List<byte[]> keys = new ArrayList<>(model.keySet());
            for (int each : slots) {
                model.remove(keys.get(each));
            }
            BTreePage.remove(page, slots);
            BTreePage.remove(again, slots);
        }

        void compare() {
            BTreePage.check(page);
            assertArrayEquals(bytes(page), bytes(again), "the same calls give the same bytes");
            compare(page, model);
        }

        static void compare(PageBuffer page, java.util.SortedMap<byte[], Integer> model) {
            assertEquals(model.size(), BTreePage.count(page));
            int slot = 0;
            for (var entry : model.entrySet()) {
                boolean leaf = BTreePage.level(page) == 0;
                if (leaf || slot > 0) {
                    assertArrayEquals(entry.getKey(), BTreePage.key(page, slot));
                    assertTrue(BTreePage.holdsAt(page, slot, entry.getKey()));
                    assertEquals(slot, BTreePage.lowerBound(page, entry.getKey()));
                }
                if (!leaf) {
                    assertEquals(entry.getValue(), BTreePage.child(page, slot));
                }
                slot++;
            }
        }

        void split() {
            int from = level > 0 ? 1 : 0;
            int at = from + random.nextInt(model.size() + 1 - from);
            List<byte[]> keys = new ArrayList<>(model.keySet());
            byte[] left = at == 0 ? BTreePage.low(page) : keys.get(at - 1);
            byte[] right = at == keys.size() ? BTreePage.high(page) : keys.get(at);
            if (level > 0 && at < keys.size()) {
                left = BTreePage.low(page);
            }
            byte[] separator = at == keys.size() || level == 0 ? KeyBytes.separator(left, right) : right;
            if (Arrays.equals(separator, BTreePage.high(page)) || Arrays.equals(separator, BTreePage.low(page))) {
                return;
            }
            if (level > 0 && at == keys.size()) {
                return;
            }
            byte[] high = BTreePage.high(page);
            PageBuffer fresh = PageBuffer.allocate(size);
            BTreePage.splitRight(page, at, separator, fresh, 13);
            BTreePage.splitLeft(page, at, separator, 13);
            BTreePage.check(page);
            BTreePage.check(fresh);
            assertEquals(13, BTreePage.right(page));
            assertEquals(RIGHT, BTreePage.right(fresh));
            assertArrayEquals(separator, BTreePage.low(fresh));
            assertArrayEquals(high, BTreePage.high(fresh));
            assertArrayEquals(separator, BTreePage.high(page));
            compare(page, model.headMap(at == keys.size() ? new byte[] {-1, -1} : keys.get(at), false));
            if (at < keys.size()) {
                compare(fresh, model.tailMap(keys.get(at), true));
            }
            for (byte[] key : keys) {
                if (key.length > 0) {
                    boolean here = BTreePage.endsAfter(page, key);
                    assertEquals(Arrays.compareUnsigned(key, separator) < 0, here);
                    assertEquals(!here, BTreePage.reachesDownTo(fresh, key));
                }
            }
        }
    }

    @Property(tries = 150)
    void aPageIsASortedMap(
            @ForAll long seed, @ForAll @IntRange(max = 2) int sizeStep, @ForAll @IntRange(max = 1) int level) {
        Pair pair = new Pair(512 << sizeStep * 2, level, seed);
        for (int i = 0; i < 150; i++) {
            pair.step();
            if (i % 10 == 0) {
                pair.compare();
            }
        }
        pair.compare();
        pair.split();
    }

    @Property(tries = 300)
    void aSearchLeadsToTheChildThatHoldsTheKey(@ForAll long seed) {
        Pair pair = new Pair(2048, 1, seed);
        for (int i = 0; i < 40; i++) {
            pair.step();
        }
        List<byte[]> keys = new ArrayList<>(pair.model.keySet());
        for (int i = 0; i < 40; i++) {
            byte[] key = i < keys.size() && i > 0 ? keys.get(i) : pair.randomKey();
            int at = pair.model.headMap(key, true).size() - 1;
            int below = Math.max(0, pair.model.headMap(key, false).size() - 1);
            assertEquals(at, BTreePage.childSlot(pair.page, key, false));
            assertEquals(below, BTreePage.childSlot(pair.page, key, true));
        }
    }

    @Property(tries = 200)
    void anAbsorbedRangeWidensTheFences(@ForAll long seed) {
        Pair pair = new Pair(1024, 0, seed);
        for (int i = 0; i < 30; i++) {
            pair.step();
        }
        byte[] high = {-1, -1, -1};
        boolean last = pair.random.nextBoolean();
        byte[] wide = last ? KeyBytes.LEAST : high;
        int right = last ? 0 : 99;
        if (BTreePage.fitsWithHigh(pair.page, wide, !last)) {
            BTreePage.absorb(pair.page, wide, right);
            BTreePage.check(pair.page);
            Pair.compare(pair.page, pair.model);
            assertEquals(right, BTreePage.right(pair.page));
        } else {
            byte[] before = bytes(pair.page);
            assertThrows(CorruptPageException.class, () -> BTreePage.absorb(pair.page, wide, right));
            assertArrayEquals(before, bytes(pair.page));
        }
    }

    @Property(tries = 300)
    void checkSurvivesEveryByte(@ForAll long seed) {
        Pair pair = new Pair(512, (int) (seed & 1), seed);
        for (int i = 0; i < 20; i++) {
            pair.step();
        }
        for (int i = 0; i < 3; i++) {
            pair.page.putByte(PageHeader.BYTES - 20 + pair.random.nextInt(512 - 28), pair.random.nextInt());
        }
        try {
            BTreePage.check(pair.page);
        } catch (CorruptPageException expected) {
            assertTrue(expected.getMessage().contains("page"));
        }
    }

    private static byte[] bytes(PageBuffer page) {
        byte[] bytes = new byte[page.size()];
        page.get(0, bytes, 0, bytes.length);
        return bytes;
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
