package dev.cairn.fuzz.index;

import dev.cairn.storage.btree.KeyCodec;
import dev.cairn.txn.btree.BTree;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Puts and removes keys that nobody else touches, and compares each answer with a sorted set. One machine's. */
final class IndexWriter {

    /** Keys stand for numbers below this. */
    static final int NUMBERS = 4800;

    private static final int FILLING_TURNS = 1200;

    private final BTree tree;
    private final SplittableRandom random;
    private final int stride;
    private final int remainder;
    private final int turns;
    private final NavigableSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    /** Written by the machine, read by others. */
    private final AtomicInteger turn = new AtomicInteger();

    IndexWriter(BTree tree, SplittableRandom random, int stride, int remainder, int turns) {
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
        byte[] key = key(random.nextInt(NUMBERS / stride) * stride + remainder);
        boolean filling = turn.get() / Math.min(FILLING_TURNS, turns / 3 + 1) % 2 == 0;
        boolean puts = random.nextInt(100) < (filling ? 80 : 12);
        boolean expected = puts ? keys.add(key) : keys.remove(key);
        boolean answer = puts ? tree.insert(0, key) : tree.delete(key);
        if (answer != expected || tree.contains(key) != puts) {
            throw new IllegalStateException("key " + remainder + " mod " + stride + (puts ? " put" : " removed")
                    + ": expected " + expected + ", found " + answer + ", and then there: " + tree.contains(key));
        }
        turn.incrementAndGet();
        return true;
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
