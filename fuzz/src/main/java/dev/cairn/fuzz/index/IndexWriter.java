package dev.cairn.fuzz.index;

import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.btree.BTree;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts and removes keys that nobody else touches, and compares each answer with a sorted set: keys from anywhere, so that the tree
 * fills and empties in turn; or, as a queue, always the next one, and the one that has been there longest goes. One machine's.
 */
final class IndexWriter {

    /** Keys stand for numbers below this. */
    static final int NUMBERS = 4800;

    private static final int FILLING_TURNS = 1200;
    /** About so many keys are in the queue. */
    private static final int QUEUED = 60;

    private final BTree tree;
    private final SplittableRandom random;
    private final int stride;
    private final int remainder;
    private final int turns;
    private final boolean queueing;
    /** The numbers in the queue; none if it is none. */
    private final ArrayDeque<Integer> queue = new ArrayDeque<>();

    private int nextQueued;
    private final NavigableSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    /** Written by the machine, read by others. */
    private final AtomicInteger turn = new AtomicInteger();

    IndexWriter(BTree tree, SplittableRandom random, int stride, int remainder, int turns, boolean queueing) {
        this.queueing = queueing;
        this.tree = tree;
        this.random = random;
        this.stride = stride;
        this.remainder = remainder;
        this.turns = turns;
    }

    /** Some keys are longer than others, so that pages hold few or many. */
    static byte[] key(int number) {
        KeyCodec codec = new KeyCodec().beginValue(false, false).putInt(number);
        return codec.putText("x".repeat(number * 7 % 40)).putRowId(number).toBytes();
    }

    boolean step() {
        if (isDone()) {
            return false;
        }
        boolean puts = queueing ? random.nextInt(2 * QUEUED) >= queue.size() : fills();
        byte[] key = key(queueing ? queued(puts) : random.nextInt(NUMBERS / stride) * stride + remainder);
        boolean expected = puts ? keys.add(key) : keys.remove(key);
        boolean answer = puts ? tree.insert(0, key) : tree.delete(key);
        if (answer != expected || tree.contains(key) != puts) {
            throw new IllegalStateException("key " + remainder + " mod " + stride + (puts ? " put" : " removed")
                    + ": expected " + expected + ", found " + answer + ", and then there: " + tree.contains(key));
        }
        turn.incrementAndGet();
        return true;
    }

    private boolean fills() {
        boolean filling = turn.get() / Math.min(FILLING_TURNS, turns / 3 + 1) % 2 == 0;
        return random.nextInt(100) < (filling ? 80 : 12);
    }

    /** The number behind those in the queue, from then on in it; or the first in it, from then on not. */
    private int queued(boolean puts) {
        if (!puts) {
            return queue.removeFirst();
        }
        int number = nextQueued + remainder;
        nextQueued = (nextQueued + stride) % NUMBERS;
        queue.addLast(number);
        return number;
    }

    long turn() {
        return turn.get();
    }

    boolean isDone() {
        return turn.get() >= turns;
    }

    /** What it has left there; after the end. */
    NavigableSet<byte[]> keys() {
        return keys;
    }
}
