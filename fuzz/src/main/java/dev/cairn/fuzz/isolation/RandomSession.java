package dev.cairn.fuzz.isolation;

import dev.cairn.txn.RowLockMode;
import java.util.SplittableRandom;

/** Drives a {@link ListSession} at random over few keys, so that sessions meet. Used by one thread. */
final class RandomSession {

    private static final int MOST_DEPTH = 4;
    private static final int MOST_STEPS = 8;

    private final ListSession session;
    private final SplittableRandom random;
    private final long firstKey;
    private final int keys;
    private int steps;

    RandomSession(ListSession session, SplittableRandom random, long firstKey, int keys) {
        this.session = session;
        this.random = random;
        this.firstKey = firstKey;
        this.keys = keys;
    }

    private long key() {
        return firstKey + random.nextInt(keys);
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
                session.read(low, random.nextBoolean() ? low : Math.min(low + 1, firstKey + keys - 1));
            }
            case 3 -> session.readAll(firstKey, firstKey + keys - 1);
            case 4 -> session.lock(key(), RowLockMode.values()[random.nextInt(4)]);
            case 5 -> {
                if (session.depth() < MOST_DEPTH) {
                    session.savepoint();
                }
            }
            case 6 -> session.rollbackTo();
            case 7 -> session.release();
            case 8, 9 -> session.append(key(), false);
            default -> session.append(key(), true);
        }
    }

    void finish() {
        session.commit();
    }
}
