package dev.cairn.storage.heap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A heap page against a map from slot to row version. */
class HeapPageProperties {
    private static final long BASE = 1L << 40;
    private static final int FILE = 7;
    private static final int PAGE = 11;

    /** What one version should look like. */
    private record Version(long xmin, long xmax, int command, int flags, long forward, byte[] data) {
        Version frozen() {
            return new Version(xmin, xmax, command, flags | TupleFlags.FROZEN, forward, data);
        }
    }

    /** A page, its model, and a second page to which every call is repeated. */
    private static final class Pair {
        final int size;
        final PageBuffer page;
        final PageBuffer again;
        final TreeMap<Integer, Version> model = new TreeMap<>();
        final TreeMap<Integer, Integer> redirects = new TreeMap<>();
        final Random random;

        Pair(int size, long seed) {
            this.size = size;
            this.random = new Random(seed);
            page = PageBuffer.allocate(size);
            again = PageBuffer.allocate(size);
            HeapPage.init(page, FILE, PAGE, BASE);
            HeapPage.init(again, FILE, PAGE, BASE);
        }

        void step() {
            int choice = random.nextInt(100);
            if (choice < 55 || free().isEmpty()) {
                insert();
            } else if (choice >= 96) {
                redirect();
            } else if (choice < 70) {
                delete();
            } else if (choice < 92) {
                int[] slots = someSlots();
                HeapPage.remove(page, slots);
                HeapPage.remove(again, slots);
                for (int slot : slots) {
                    model.remove(slot);
                    redirects.remove(slot);
                }
            } else {
                int[] slots = {oneSlot()};
                HeapPage.freeze(page, slots);
                HeapPage.freeze(again, slots);
                for (int slot : slots) {
                    model.computeIfPresent(slot, (s, v) -> v.frozen());
                }
            }
        }

        private void insert() {
            int max = HeapPage.maxDataLength(size);
            int length = random.nextInt(10) == 0 ? random.nextInt(max + 1) : random.nextInt(Math.min(max, 200) + 1);
            byte[] data = new byte[length + 3];
            random.nextBytes(data);
            int slot = HeapPage.slotForInsert(page);
            long xmin = BASE + 1 + (random.nextInt() & 0x7FFF_FFFFL);
            int command = random.nextInt();
            int flags = random.nextInt(TupleFlags.ALL + 1);
            if (!HeapPage.fits(page, length)) {
                byte[] before = bytes(page);
                assertThrows(
                        CorruptPageException.class,
                        () -> HeapPage.insert(page, slot, xmin, command, flags, data, 1, length));
                assertArrayEquals(before, bytes(page), "a refused insert changes nothing");
                return;
            }
            HeapPage.insert(page, slot, xmin, command, flags, data, 1, length);
            HeapPage.insert(again, slot, xmin, command, flags, data, 1, length);
            byte[] row = java.util.Arrays.copyOfRange(data, 1, 1 + length);
            assertFalse(model.containsKey(slot) || redirects.containsKey(slot), "slotForInsert names an unused slot");
            model.put(slot, new Version(xmin, 0, command, flags, RowIds.of(PAGE, slot), row));
        }

        private void delete() {
            int slot = oneSlot();
            Version old = model.get(slot);
            long xmax = BASE + 0xFFFF_FFFFL - random.nextInt(5);
            int command = random.nextInt();
            int flags = random.nextInt(TupleFlags.ALL + 1);
            long forward = RowIds.of(random.nextInt(), random.nextInt(0x10000));
            HeapPage.markDeleted(page, slot, xmax, command, flags, forward);
            HeapPage.markDeleted(again, slot, xmax, command, flags, forward);
            model.put(slot, new Version(old.xmin, xmax, command, flags, forward, old.data));
        }

        /** Lets one slot, with a version or leading on already, lead to a version. */
        private void redirect() {
            int from = redirects.isEmpty() || random.nextBoolean() ? oneSlot() : redirects.firstKey();
            for (int to : model.keySet()) {
                if (to != from && (model.get(to).flags & TupleFlags.HEAP_ONLY) != 0) {
                    int[] pair = {from, to};
                    HeapPage.prune(page, new int[0], pair);
                    HeapPage.prune(again, new int[0], pair);
                    model.remove(from);
                    redirects.put(from, to);
                    return;
                }
            }
        }

        /** Slots to which no other one leads. */
        private List<Integer> free() {
            List<Integer> slots = new ArrayList<>(model.keySet());
            slots.removeAll(redirects.values());
            return slots;
        }

        private int oneSlot() {
            List<Integer> slots = free();
            return slots.get(random.nextInt(slots.size()));
        }

        private int[] someSlots() {
            int most = 1 + random.nextInt(model.size());
            return java.util.stream.IntStream.concat(
                            java.util.stream.IntStream.generate(this::oneSlot).limit(Math.min(most, 5)),
                            redirects.keySet().stream().mapToInt(i -> i).limit(random.nextInt(2)))
                    .distinct()
                    .toArray();
        }

        void compare() {
            HeapPage.check(page);
            int bytes = 0;
            int slots = model.isEmpty() ? 0 : model.lastKey() + 1;
            slots = redirects.isEmpty() ? slots : Math.max(slots, redirects.lastKey() + 1);
            assertEquals(slots, HeapPage.slotCount(page));
            for (int slot = 0; slot < slots; slot++) {
                Version version = model.get(slot);
                assertEquals(version != null, HeapPage.isUsed(page, slot));
                assertEquals(redirects.containsKey(slot), HeapPage.isRedirect(page, slot));
                if (redirects.containsKey(slot)) {
                    assertEquals(redirects.get(slot), HeapPage.redirect(page, slot));
                }
                if (version != null) {
                    assertEquals(version.xmin, HeapPage.xmin(page, slot));
                    assertEquals(version.xmax, HeapPage.xmax(page, slot));
                    assertEquals(version.command, HeapPage.command(page, slot));
                    assertEquals(version.flags, HeapPage.flags(page, slot));
                    assertEquals(version.forward, HeapPage.forward(page, slot));
                    assertArrayEquals(version.data, HeapPage.data(page, slot));
                    assertEquals(version.data.length, HeapPage.dataLength(page, slot));
                    bytes += TupleHeader.BYTES + version.data.length;
                }
            }
            int pointers = slots * HeapPage.LINE_POINTER_BYTES;
            assertEquals(size - PageHeader.BYTES - pointers - bytes, HeapPage.freeSpace(page));
            assertFalse(HeapPage.isUsed(page, slots));
            assertFalse(HeapPage.isUsed(page, -1));
        }
    }

    @Provide
    Arbitrary<Integer> pageSizes() {
        return Arbitraries.of(512, 1024, 2048, 4096, 8192, 16384, 32768);
    }

    @Property(tries = 300)
    void behavesLikeAMapOfSlots(@ForAll("pageSizes") int size, @ForAll long seed) {
        Pair pair = new Pair(size, seed);
        for (int i = 0; i < 150; i++) {
            pair.step();
            pair.compare();
        }
    }

    @Property(tries = 200)
    void i10_theSameCallsGiveTheSameBytes(@ForAll("pageSizes") int size, @ForAll long seed) {
        Pair pair = new Pair(size, seed);
        for (int i = 0; i < 300; i++) {
            pair.step();
        }
        assertArrayEquals(bytes(pair.page), bytes(pair.again));
    }

    @Property(tries = 100)
    void aPageFillsToTheLastByte(@ForAll("pageSizes") int size) {
        PageBuffer page = PageBuffer.allocate(size);
        HeapPage.init(page, FILE, PAGE, BASE);
        int max = HeapPage.maxDataLength(size);
        assertFalse(HeapPage.fits(page, max + 1));
        assertTrue(HeapPage.fits(page, max));
        HeapPage.insert(page, 0, BASE + 1, 0, 0, new byte[max], 0, max);
        assertEquals(0, HeapPage.freeSpace(page));
        HeapPage.check(page);
        HeapPage.remove(page, new int[] {0});
        assertEquals(0, HeapPage.slotCount(page));
        HeapPage.insert(page, 0, BASE + 1, 0, 0, new byte[max], 0, max);
        HeapPage.check(page);
    }

    /** Whatever a page's bytes are, its check names a fault or lets every accessor work. */
    @Property(tries = 2000)
    void theCheckMeetsHostilePagesWithOneKindOfError(
            @ForAll("pageSizes") int size, @ForAll long seed, @ForAll boolean wild) {
        Pair pair = new Pair(size, seed);
        int steps = pair.random.nextInt(60);
        for (int i = 0; i < steps; i++) {
            pair.step();
        }
        PageBuffer page = pair.page;
        int damages = 1 + pair.random.nextInt(4);
        for (int i = 0; i < damages; i++) {
            int near = wild ? size : Math.min(size, PageHeader.BYTES + 4 * (HeapPage.slotCount(page) + 1));
            page.putByte(pair.random.nextInt(Math.min(near, size)), pair.random.nextInt());
        }
        try {
            HeapPage.check(page);
        } catch (CorruptPageException e) {
            return;
        }
        for (int slot = 0; slot < HeapPage.slotCount(page); slot++) {
            if (HeapPage.isUsed(page, slot)) {
                HeapPage.data(page, slot);
                HeapPage.xmax(page, slot);
                HeapPage.forward(page, slot);
            }
        }
        int free = HeapPage.freeSpace(page);
        assertTrue(free >= 0 && free <= size);
    }

    private static byte[] bytes(PageBuffer page) {
        byte[] bytes = new byte[page.size()];
        page.get(0, bytes, 0, bytes.length);
        return bytes;
    }
}
