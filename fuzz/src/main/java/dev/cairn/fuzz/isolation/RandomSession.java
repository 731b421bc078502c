package dev.cairn.fuzz.isolation;

import dev.cairn.txn.RowLockMode;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Drives a {@link ListSession} at random over few keys, so that sessions meet. Used by one thread. */
final class RandomSession {

    private static final int MOST_DEPTH = 4;
    private static final int MOST_STEPS = 8;

    private final ListSession session;
    private final SplittableRandom random;
    private final long firstKey;
    private final int keys;
    private final Style style;
    private final AtomicLong newest;
    private int steps;

    /** What is done to lists. */
    enum Style {
        /** They are made and grow, always the same few. */
        APPENDS,
        /** They are also written over unseen, deleted, and made again. */
        OVERWRITES,
        /**
         * The same, but what was deleted is not made again: new lists are made instead, and the newest are used. Who keeps a snapshot that
         * shows a row and inserts another one in its place, after it was deleted, sees both, as in PostgreSQL.
         */
        NEW_KEYS
    }

    /** @param newest the newest key that was made of sessions with {@code NEW_KEYS}, which share it */
    RandomSession(
            ListSession session, SplittableRandom random, long firstKey, int keys, Style style, AtomicLong newest) {
        this.style = style;
        this.newest = newest;
        this.session = session;
        this.random = random;
        this.firstKey = firstKey;
        this.keys = keys;
    }

    private long key() {
        return first() + random.nextInt(keys);
    }

    private long first() {
        return style == Style.NEW_KEYS ? Math.max(firstKey, newest.get() - keys + 1) : firstKey;
    }

    private long last() {
        return first() + keys - 1;
    }

    /** One statement, or the end of a transaction. */
    void step() {
        if (session.isFailed() && (session.depth() == 0 || random.nextInt(3) == 0)) {
            session.rollback();
        } else if (session.isFailed()) {
            session.rollbackTo();
        } else if (session.isOpen() && steps >= random.nextInt(2, MOST_STEPS)) {
            end();
        } else {
            steps++;
            work();
        }
        if (!session.isOpen()) {
            steps = 0;
        }
    }

    private void end() {
        if (random.nextInt(6) == 0) {
            session.rollback();
        } else {
            session.commit();
        }
    }

    private void work() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                long low = key();
                session.read(low, random.nextBoolean() ? low : Math.min(low + 1, last()));
            }
            case 3 -> session.readAll(first(), last());
            case 4 -> session.lock(key(), RowLockMode.values()[random.nextInt(4)]);
            case 5 -> {
                if (session.depth() < MOST_DEPTH) {
                    session.savepoint();
                }
            }
            case 6 -> session.rollbackTo();
            case 7 -> session.release();
            case 8, 9 -> session.append(key(), false);
            default -> write();
        }
    }

    private void write() {
        if (style == Style.APPENDS) {
            session.append(key(), true);
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> session.delete(key());
            case 1 -> session.set(key(), false);
            case 2 -> session.set(making(), true);
            case 3 -> session.append(making(), true);
            default -> session.append(key(), false);
        }
    }

    /** A key whose list may be made. */
    private long making() {
        return style == Style.NEW_KEYS ? newest.incrementAndGet() : key();
    }

    void finish() {
        session.commit();
    }
}
