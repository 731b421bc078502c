package dev.cairn.fuzz.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.crash.SimulatedDatabases;
import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.fuzz.disk.FaultPlan;
import dev.cairn.fuzz.disk.FaultPlan.Fault;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.CairnException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.wal.Durability;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecord.DurableMark;
import dev.cairn.wal.record.WalRecordType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The three losses that no storage engine of this kind can notice, each shown to be no more than what it is said to be. */
class SilentLossTest {

    private static final String SEGMENT = "wal-0000000000000001";
    private static final long SEGMENT_BYTES = 16 << 10;
    private static final int WAL_BUFFER_BYTES = 64 << 10;
    private static final DatabaseOptions OPTIONS = SimulatedDatabases.options(3);

    private final SimDisk disk = new SimDisk();

    /** (a) Of a crashed log what no later mark vouches for, and all behind it: any bit of each byte of any of its records. */
    @Test
    void aDamagedTailOfACrashedLogLosesASuffixBehindTheLastMark() {
        Database database = fresh();
        long first = records(disk.crash(CrashChoices.allOld())).stream()
                .mapToLong(LoggedRecord::end)
                .max()
                .orElseThrow();
        for (long i = 1; i <= 6; i++) {
            insert(database, i);
        }
        SimDisk crashed = disk.crash(CrashChoices.allOld());
        List<LoggedRecord> records = records(crashed);
        int silent = 0;
        int refused = 0;
        for (LoggedRecord record : records) {
            boolean vouched = records.stream()
                    .filter(mark -> mark.start() > record.start())
                    .anyMatch(
                            mark -> mark.record() instanceof DurableMark proof && proof.durableLsn() > record.start());
            for (long at = Math.max(first, record.start()); at < record.end(); at++) {
                SimDisk image = crashed.copy();
                image.flip(SEGMENT, at % SEGMENT_BYTES, (int) (at % Byte.SIZE));
                if (vouched) {
                    assertThrows(LogCorruptException.class, () -> open(image), "flipped at " + at);
                    refused++;
                } else {
                    requireCutAt(image, record.start(), records);
                    silent++;
                }
            }
        }
        assertTrue(refused > 100 && silent > 100, "refused " + refused + ", silent " + silent);
    }

    /** Opening says where the log ends now; what was committed before that is there, and nothing else. */
    private static void requireCutAt(SimDisk image, long cut, List<LoggedRecord> records) {
        Database opened = open(image);
        assertEquals(cut, opened.recoveryReport().endLsn());
        long commits = records.stream()
                .filter(record -> record.record().type() == WalRecordType.COMMIT && record.end() <= cut)
                .count();
        assertEquals(LongStream.range(1, commits).boxed().toList(), rows(opened), "cut at " + cut);
    }

    private static List<LoggedRecord> records(SimDisk crashed) {
        ControlState control = ControlFile.open(crashed).current();
        WalOptions options = WalOptions.of(control.segmentBytes(), WAL_BUFFER_BYTES, control.pageSize());
        List<LoggedRecord> records = new ArrayList<>();
        try (WalReader reader = WalReader.fromSegment(crashed, options, control.databaseId(), 1)) {
            LoggedRecord record = reader.next();
            while (record != null) {
                records.add(record);
                record = reader.next();
            }
        }
        return records;
    }

    /** After a clean close no damage to the log that is needed is silent. */
    @Test
    void afterACleanCloseNoDamageToTheLogIsSilent() {
        Database database = fresh();
        for (long i = 1; i <= 6; i++) {
            insert(database, i);
        }
        database.close();
        long redoPoint = ControlFile.open(disk).current().redoPoint();
        long end = ControlFile.open(disk).current().endLsn();
        assertTrue(end > redoPoint);
        for (long at = redoPoint; at < end; at++) {
            SimDisk image = disk.copy();
            image.flip(SEGMENT, at % SEGMENT_BYTES, (int) (at % 8));
            assertThrows(CairnException.class, () -> open(image), "flipped at " + at);
        }
    }

    /** (b) What was acknowledged between a sync that lies and its late report, and only if the power fails in between. */
    @Test
    void aLyingSyncLosesWhatWasAcknowledgedUntilItsReport() {
        Database database = fresh();
        insert(database, 1);
        boolean[] lied = new boolean[1];
        disk.faults(operation -> {
            boolean now = !lied[0]
                    && operation.kind() == Kind.WRITE_THROUGH
                    && operation.name().equals(SEGMENT);
            lied[0] |= now;
            return now ? Fault.SYNC_LATE : Fault.NONE;
        });
        insert(database, 2);
        assertTrue(lied[0]);
        assertEquals(List.of(1L), rows(open(disk.crash(CrashChoices.allOld()))), "the commit before the lie is there");
        assertEquals(List.of(1L, 2L), rows(open(disk.copy())), "the process alone has died");
        assertThrows(EngineFailedException.class, () -> insert(database, 3), "reported late");
        assertThrows(EngineFailedException.class, () -> insert(database, 4), "and nothing is acknowledged any more");
        disk.faults(FaultPlan.NONE);
        assertEquals(List.of(1L, 2L), rows(open(disk.copy())).subList(0, 2));
    }

    /** (c) A page of which a whole write was lost, or came back as it was before: with that page in place, nothing is wrong. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"LOST_WRITE", "STALE_WRITE"})
    void aLostWriteOfAPageLosesThatPageAlone(Fault fault) {
        SimDisk whole = closedAfter(Fault.NONE);
        SimDisk older = closedAfter(fault);
        List<Long> expected = rows(open(whole.copy()));
        List<Long> found = rows(open(older.copy()));
        assertEquals(List.of(1L, 2L, 3L), expected);
        assertFalse(found.equals(expected), "the write before the closing was not hit");
        assertTrue(expected.containsAll(found), "what is found was there once: " + found);

        String different = whole.differenceFrom(older);
        assertTrue(different.startsWith("heap-"), "one file differs: " + different);
        restore(whole, older, different);
        assertEquals("", whole.differenceFrom(older), "nothing but that page");
        assertEquals(expected, rows(open(older)));
    }

    /** Closes a database whose last writes to the table's page fail so; the power fails afterwards. */
    private static SimDisk closedAfter(Fault fault) {
        SimDisk on = new SimDisk();
        Database database = freshOn(on);
        insert(database, 1);
        database.checkpoint();
        insert(database, 2);
        insert(database, 3);
        on.faults(operation ->
                operation.kind() == Kind.WRITE && operation.name().equals("heap-00000002") && operation.offset() > 0
                        ? fault
                        : Fault.NONE);
        database.close();
        on.faults(FaultPlan.NONE);
        return on.crash(CrashChoices.allOld());
    }

    private static void restore(SimDisk from, SimDisk to, String name) {
        try (DiskFile source = from.open(name, OpenMode.READ);
                DiskFile target = to.open(name, OpenMode.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
            source.readFully(0, bytes);
            target.write(0, bytes.flip());
            target.sync(true);
        }
    }

    private Database fresh() {
        return freshOn(disk);
    }

    private static Database freshOn(SimDisk on) {
        Database database = open(on);
        try (Transaction transaction = database.begin()) {
            transaction.createTable(
                    "t", Schema.builder().column("n", ColumnType.BIGINT).build());
            transaction.commit(Durability.SYNC);
        }
        return database;
    }

    private static void insert(Database database, long n) {
        try (Transaction transaction = database.begin()) {
            transaction.table("t").insert(Row.of(n));
            transaction.commit(Durability.SYNC);
        }
    }

    private static List<Long> rows(Database database) {
        List<Long> rows = new ArrayList<>();
        try (Transaction transaction = database.begin()) {
            try (Scan scan = transaction.table("t").scan()) {
                while (scan.hasNext()) {
                    rows.add((Long) scan.next().get(0));
                }
            }
            transaction.commit();
        }
        return rows;
    }

    private static Database open(SimDisk on) {
        return new SimEnvironment(5).open(on, OPTIONS);
    }
}
