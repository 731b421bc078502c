package dev.cairn.bench;

import dev.cairn.engine.Database;
import dev.cairn.engine.Row;
import dev.cairn.engine.Transaction;
import java.io.IOException;
import java.util.List;

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
        BareLoop bare = BareLoop.over(cells.directory("bare").resolve("file"));
        try (Database database = Database.open(cells.directory("commit"))) {
            SavepointBench.create(database, "t");
            commits(database, 8, millis);
            for (int round = 1; round <= ROUNDS; round++) {
                cells.cell(
                        BARE,
                        "write + sync, 1 thread, round " + round,
                        "syncs/s",
                        () -> bare.syncsPerSecond(BARE_WRITE_BYTES, millis));
                for (int threads : THREADS) {
                    String name = "commits, " + threads + (threads == 1 ? " thread" : " threads") + ", round " + round;
                    cells.cell(CAIRN, name, "commits/s", () -> commits(database, threads, millis));
                }
            }
        }
    }

    private static double commits(Database database, int threads, int millis) throws IOException, InterruptedException {
        return Committers.perSecond(threads, millis, made -> {
            try (Transaction transaction = database.begin()) {
                transaction.table("t").insert(Row.of(made, made));
                transaction.commit();
            }
        });
    }
}
