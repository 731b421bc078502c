package dev.cairn.wal;

import dev.cairn.storage.base.Clock;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.base.InlineScheduler;
import dev.cairn.storage.base.Scheduler;
import dev.cairn.storage.base.ThreadScheduler;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.List;

/** What the log's tests share: options, identities, a clock that stands still. */
final class Log {

    static final int PAGE = 512;
    static final int SEGMENT = 16 << 10;
    static final WalOptions OPTIONS = WalOptions.of(SEGMENT, 1, PAGE);
    static final DatabaseId DATABASE = new DatabaseId(0x1234_5678_9ABC_DEF0L, 0x0FED_CBA9_8765_4321L);
    static final IncarnationId FIRST = new IncarnationId(1, 0x5A5A_5A5AL);
    static final IncarnationId SECOND = new IncarnationId(2, 0x0123_4567L);
    static final long START = SEGMENT + 64;

    private static final Clock CLOCK = new Clock() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public long epochMicros() {
            return 1_700_000_000_000_000L;
        }
    };

    private Log() {}

    static Environment environment(Scheduler scheduler) {
        return new Environment(CLOCK, scheduler, () -> 7);
    }

    static Environment inline() {
        return environment(new InlineScheduler());
    }

    static Environment threads() {
        return environment(new ThreadScheduler());
    }

    static WalWriter create(Disk disk) {
        return WalWriter.create(disk, OPTIONS, DATABASE, FIRST, inline(), new Health());
    }

    static WalReader read(Disk disk) {
        return WalReader.from(disk, OPTIONS, DATABASE, START, FIRST);
    }

    /** All records from the first on, and where they end. */
    record Contents(List<LoggedRecord> records, WalEnd end) {

        List<Class<?>> kinds() {
            List<Class<?>> kinds = new ArrayList<>();
            records.forEach(r -> kinds.add(r.record().getClass()));
            return kinds;
        }

        /** Transaction ids of the rows' records, in order. */
        List<Long> xids() {
            List<Long> xids = new ArrayList<>();
            records.stream().filter(r -> r.xid() != 0).forEach(r -> xids.add(r.xid()));
            return xids;
        }
    }

    static Contents contents(Disk disk) {
        try (WalReader reader = read(disk)) {
            return rest(reader);
        }
    }

    static Contents rest(WalReader reader) {
        List<LoggedRecord> records = new ArrayList<>();
        for (LoggedRecord r = reader.next(); r != null; r = reader.next()) {
            records.add(r);
        }
        return new Contents(records, reader.end());
    }

    static WalRecord.CatalogChange record(int bytes) {
        return new WalRecord.CatalogChange(1, 2, "x".repeat(bytes));
    }

    static WalRecord.HeapInsert insert(int page) {
        return new WalRecord.HeapInsert(1, 1, page, 0, 0, 0, new byte[] {1, 2, 3});
    }

    /** A page that was last changed at {@code pageLsn}, with bytes that do not compress if {@code wild}. */
    static PageBuffer page(long pageLsn, boolean wild) {
        PageBuffer page = PageBuffer.allocate(PAGE);
        if (wild) {
            byte[] noise = new byte[PAGE];
            new java.util.Random(pageLsn).nextBytes(noise);
            page.put(0, noise, 0, PAGE);
        }
        page.putLong(0, pageLsn);
        return page;
    }
}
