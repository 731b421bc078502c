package dev.cairn.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Threads that commit again and again for a while. */
final class Committers {

    private Committers() {}

    /**
     * Returns how many commits a second all of them made together.
     *
     * @param commit makes one; is told how many this thread has made
     */
    static double perSecond(int threads, int millis, LongConsumer commit) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            long begun = System.nanoTime();
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                counts.add(pool.submit(() -> {
                    long made = 0;
                    while (System.nanoTime() - begun < millis * 1_000_000L) {
                        commit.accept(made);
                        made++;
                    }
                    return made;
                }));
            }
            long commits = 0;
            for (Future<Long> count : counts) {
                commits += count.get();
            }
            return commits * 1e9 / (System.nanoTime() - begun);
        } catch (ExecutionException e) {
            throw new IOException("a committer failed: " + e.getCause(), e);
        } finally {
            pool.shutdownNow();
        }
    }
}
