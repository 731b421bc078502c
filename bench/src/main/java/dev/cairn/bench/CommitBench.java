package dev.cairn.bench;

import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Transaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Durable commits of one row each with 1, 8 and 64 threads, against the bare loop that nothing durable can beat with one
 * thread: write 512 bytes over preallocated zeros, sync, again. The two take turns, since a disk's mood changes.
 */
final class CommitBench implements Workload {

    private static final String CAIRN = "cairn";
    private static final String BARE = "pwrite";
    private static final int[] THREADS = {1, 8, 64};
    private static final int ROUNDS = 3;
    private static final int ROUND_MILLIS = 3_000;
    private static final int BARE_FILE_BYTES = 64 << 20;
    private static final int BARE_WRITE_BYTES = 512;

    @Override
    public String name() {
        return "commit";
    }

    @Override
    public String description() {
        return "durable one-row commits against a bare loop of write and sync";
    }

    @Override
    public List<String> engines() {
        return List.of(CAIRN, BARE);
    }

    @Override
    public void run(Cells cells) throws IOException, InterruptedException {
        int millis = cells.scaled(ROUND_MILLIS);
        Path bare = cells.directory("bare").resolve("file");
        allocate(bare);
        try (Database database = Database.open(cells.directory("commit"))) {
            SavepointBench.create(database, "t");
            commits(database, 8, millis);
            for (int round = 1; round <= ROUNDS; round++) {
                cells.cell(BARE, "write + sync, 1 thread, round " + round, "syncs/s", () -> bareSyncs(bare, millis));
                for (int threads : THREADS) {
                    String name = "commits, " + threads + (threads == 1 ? " thread" : " threads") + ", round " + round;
                    cells.cell(CAIRN, name, "commits/s", () -> commits(database, threads, millis));
                }
            }
        }
    }

    private static void allocate(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (int at = 0; at < BARE_FILE_BYTES; at += zeros.capacity()) {
                zeros.clear();
                channel.write(zeros, at);
            }
            channel.force(true);
        }
    }

    private static double bareSyncs(Path file, int millis) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BARE_WRITE_BYTES);
            long begun = System.nanoTime();
            long syncs = 0;
            while (System.nanoTime() - begun < millis * 1_000_000L) {
                block.clear();
                block.putLong(0, syncs);
                channel.write(block, syncs * BARE_WRITE_BYTES % BARE_FILE_BYTES);
                channel.force(false);
                syncs++;
            }
            return syncs * 1e9 / (System.nanoTime() - begun);
        }
    }

    private static double commits(Database database, int threads, int millis) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            long begun = System.nanoTime();
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                counts.add(pool.submit(() -> commitUntil(database, begun + millis * 1_000_000L)));
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

    private static long commitUntil(Database database, long endNanos) {
        long commits = 0;
        while (System.nanoTime() < endNanos) {
            try (Transaction transaction = database.begin()) {
                transaction.table("t").insert(Row.of(commits, commits));
                transaction.commit();
            }
            commits++;
        }
        return commits;
    }
}
