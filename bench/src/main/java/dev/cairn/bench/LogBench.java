package dev.cairn.bench;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.SystemClock;
import dev.cairn.storage.base.ThreadScheduler;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.wal.DatabaseId;
import dev.cairn.wal.IncarnationId;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalWriter;
import dev.cairn.wal.record.WalRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The log alone: durable COMMIT records with 1, 8 and 64 threads, against a bare loop of write and fdatasync with as many
 * bytes, and against a log whose committers hand their group over to a thread that writes it. All take turns, since a disk's
 * mood changes.
 */
final class LogBench implements Workload {

    private static final String CAIRN = "cairn";
    private static final String HAND_OVER = "hand-over";
    private static final String BARE = "pwrite";
    private static final int[] THREADS = {1, 8, 64};
    private static final int ROUNDS = 3;
    private static final int ROUND_MILLIS = 2_000;
    private static final int SEGMENT_BYTES = 64 << 20;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int PAGE_SIZE = 8192;
    /** What a commit and the mark before it take in the log. */
    private static final int COMMIT_BYTES = 104;

    private static final WalRecord.Commit COMMIT = new WalRecord.Commit(1, 1, 0, 0, new long[] {});

    @Override
    public String name() {
        return "log";
    }

    @Override
    public String description() {
        return "durable COMMIT records: a leader among the committers, a hand-over to a flusher, a bare loop";
    }

    @Override
    public List<String> engines() {
        return List.of(CAIRN, HAND_OVER, BARE);
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        int millis = cells.scaled(ROUND_MILLIS);
        BareLoop bare = BareLoop.over(cells.directory("bare").resolve("file"));
        Environment environment = new Environment(new SystemClock(), new ThreadScheduler(), () -> 1);
        try (WalWriter log = WalWriter.create(
                        new RealDisk(cells.directory("log")),
                        WalOptions.of(SEGMENT_BYTES, BUFFER_BYTES, PAGE_SIZE),
                        new DatabaseId(1, 2),
                        new IncarnationId(1, 3),
                        environment,
                        new Health());
                HandOver handOver = new HandOver(log)) {
            commits(log, log::awaitDurable, 2, millis);
            for (int round = 1; round <= ROUNDS; round++) {
                cells.cell(
                        BARE, "1 thread, round " + round, "syncs/s", () -> bare.syncsPerSecond(COMMIT_BYTES, millis));
                for (int threads : THREADS) {
                    String name = threads + (threads == 1 ? " thread" : " threads") + ", round " + round;
                    cells.cell(CAIRN, name, "commits/s", () -> commits(log, log::awaitDurable, threads, millis));
                    cells.cell(HAND_OVER, name, "commits/s", () -> commits(log, handOver::await, threads, millis));
                }
            }
        }
    }

    private static double commits(WalWriter log, LongConsumer await, int threads, int millis)
            throws IOException, InterruptedException {
        return Committers.perSecond(threads, millis, made -> await.accept(log.append(3, COMMIT)));
    }

    /** What the log does not do: one thread syncs for all. */
    private static final class HandOver implements AutoCloseable {
        private final WalWriter log;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition asked = lock.newCondition();
        private final Condition served = lock.newCondition();
        private final Thread flusher = new Thread(this::flush, "bench-flusher");
        private long wanted;
        private volatile long durable;
        private boolean closed;

        HandOver(WalWriter log) {
            this.log = log;
            flusher.setDaemon(true);
            flusher.start();
        }

        void await(long lsn) {
            lock.lock();
            try {
                if (lsn > wanted) {
                    wanted = lsn;
                    asked.signal();
                }
                while (durable < lsn) {
                    served.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }

        private void flush() {
            while (true) {
                long target;
                lock.lock();
                try {
                    served.signalAll();
                    while (wanted <= durable && !closed) {
                        asked.awaitUninterruptibly();
                    }
                    if (closed) {
                        return;
                    }
                    target = wanted;
                } finally {
                    lock.unlock();
                }
                log.awaitDurable(target);
                durable = log.durableLsn();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                asked.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
