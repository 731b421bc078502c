package dev.cairn.fuzz.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.kill.KillRounds;
import dev.cairn.fuzz.points.PointCoverage;
import dev.cairn.fuzz.workload.SimulatedRun;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The campaigns are worth something for large values only if they write some. */
class LargeWorkloadTest {

    private static final int SEEDS = 12;

    /** Pages of large values in the files of a database, free ones not counted. */
    private static int pages(Disk disk, int pageSize) {
        int pages = 0;
        for (String name : disk.list()) {
            if (FileTable.fileIdOf(name) > 0) {
                try (DiskFile file = disk.open(name, OpenMode.READ)) {
                    for (long at = pageSize; at + pageSize <= file.size(); at += pageSize) {
                        ByteBuffer page = ByteBuffer.allocate(pageSize).order(ByteOrder.LITTLE_ENDIAN);
                        file.readFully(at, page);
                        boolean large = page.get(PageHeader.LAYOUT.offset("kind")) == PageKind.OVERFLOW.code();
                        pages += large && page.getLong(OverflowPage.LAYOUT.offset("creator")) != 0 ? 1 : 0;
                    }
                }
            }
        }
        return pages;
    }

    /** Also the shortest runs, in which every state of every operation is looked at. */
    @Test
    void shortRunsWriteLargeValues() {
        int reached = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            DatabaseOptions options = SimulatedDatabases.options(seed);
            SimDisk disk = new SimDisk(SimDisk.SECTOR_BYTES, SimDisk.Directory.JOURNALLED);
            int steps = CrashExplorer.Settings.of(seed, Workload.LARGE).steps();
            SimulatedRun.of(seed, Workload.LARGE, options).run(disk, steps);
            reached += pages(disk, options.pageSize()) > 1 ? 1 : 0;
        }
        int inSoMany = reached;
        assertTrue(inSoMany > SEEDS / 2, () -> "large values in " + inSoMany + " of " + SEEDS + " runs");
    }

    @Test
    @Timeout(600)
    void i7_killedProcessesLoseNoLargeValues(@TempDir Path directory) throws Exception {
        KillRounds rounds = new KillRounds(directory.resolve("db"), 7, Workload.LARGE, new PointCoverage());
        rounds.run(6);
        assertTrue(rounds.acknowledged() > 0, "acknowledged commits: " + rounds.acknowledged());
        assertTrue(pages(new RealDisk(directory.resolve("db")), 1024) > 1, "no page of a large value");
    }
}
