package dev.cairn.fuzz.corrupt;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Index;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.workload.SimEnvironment;
import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.file.OverlayDisk;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.record.WalRecordType;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentNames;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A small database that was closed cleanly, with everything that a database can hold: several tables and indexes, updates, deletes,
 * savepoints kept and rolled back, transactions rolled back, a dropped table, checkpoints, two lives.
 */
public final class Reference {

    /** The reference has at least this many bytes. */
    public static final int BYTES = 256 << 10;

    static final int PAGE_BYTES = 512;
    static final int SEGMENT_BYTES = 16 << 10;

    static final DatabaseOptions OPTIONS = DatabaseOptions.builder()
            .pageSize(PAGE_BYTES)
            .cacheBytes(64 * PAGE_BYTES)
            .segmentBytes(SEGMENT_BYTES)
            .walBufferBytes(8 * PAGE_BYTES)
            .checkpointBytes(SEGMENT_BYTES)
            .growthBytes(4 * PAGE_BYTES)
            .build();

    private static final int TABLES = 3;

    private final ByteImage image;
    private final Map<String, List<Row>> contents;
    private final Map<String, BitSet> free;

    private Reference(ByteImage image, Map<String, List<Row>> contents, Map<String, BitSet> free) {
        this.image = image;
        this.contents = contents;
        this.free = free;
    }

    /** One that a crash left: all that its last life has logged is to be redone. */
    static Reference crashed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (OverlayDisk disk = new OverlayDisk(new ByteImage(Map.of()))) {
            try (Database database = new SimEnvironment(seed).open(disk, OPTIONS)) {
                fill(database, random, 0);
            }
            try (Database database = new SimEnvironment(seed + 1).open(disk, OPTIONS)) {
                fill(database, random, 1);
                return new Reference(ByteImage.of(disk), contents(database), Map.of());
            }
        }
    }

    /** The same seed gives the same bytes. */
    public static Reference of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (OverlayDisk disk = new OverlayDisk(new ByteImage(Map.of()))) {
            Map<String, List<Row>> contents = Map.of();
            int life = 0;
            while (life < 2 || ByteImage.of(disk).size() < BYTES) {
                try (Database database = new SimEnvironment(seed + life).open(disk, OPTIONS)) {
                    fill(database, random, life);
                    contents = contents(database);
                }
                life++;
            }
            ByteImage image = ByteImage.of(disk);
            return new Reference(image, contents, free(image));
        }
    }

    private static void fill(Database database, SplittableRandom random, int life) {
        if (life == 0) {
            for (int i = 0; i < TABLES; i++) {
                try (Transaction transaction = database.begin()) {
                    transaction.createTable("t" + i, SCHEMA);
                    transaction.createIndex("t" + i, INDEXES.get(i));
                    transaction.commit();
                }
            }
            try (Transaction transaction = database.begin()) {
                transaction.createTable(KEYED, KEYED_SCHEMA);
                transaction.commit();
            }
        }
        for (int i = 0; i < 60; i++) {
            try (Transaction transaction = database.begin()) {
                transaction.table(KEYED).insert(Row.of((long) life * 1000 + i * 7 % 60, "keyed " + random.nextInt(9)));
                Table table = transaction.table("t" + random.nextInt(TABLES));
                insert(table, random);
                transaction.savepoint("a");
                insert(table, random);
                transaction.savepoint("b");
                long some = random.nextInt(200);
                table.update(row -> row.getLong("id") == some, row -> row.with("name", "changed"));
                if (random.nextBoolean()) {
                    transaction.rollbackTo(random.nextBoolean() ? "a" : "b");
                    insert(table, random);
                }
                long gone = random.nextInt(400);
                table.delete(row -> row.getLong("id") == gone);
                if (random.nextInt(5) == 0) {
                    transaction.rollback();
                } else {
                    transaction.commit();
                }
            }
        }
        try (Transaction transaction = database.begin()) {
            transaction.createTable("short_lived", SCHEMA);
            transaction.createIndex("t0", Index.of("short_lived_index", false, "noise"));
            transaction.commit();
        }
        try (Transaction transaction = database.begin()) {
            transaction.dropTable("short_lived");
            transaction.dropIndex("short_lived_index");
            transaction.commit();
        }
    }

    private static void insert(Table table, SplittableRandom random) {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        table.insert(Row.of((long) random.nextInt(400), "name " + random.nextInt(1000), noise));
    }

    private static final Schema SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .notNull()
            .column("name", ColumnType.TEXT)
            .column("noise", ColumnType.BYTEA)
            .build();

    private static final List<Index> INDEXES = List.of(
            Index.of("t0_id", false, "id"),
            new Index("t1_name", false, false, List.of(Index.Part.descending("name"), Index.Part.ascending("id"))),
            Index.of("t2_name", false, "name"));

    private static final String KEYED = "keyed";
    private static final Schema KEYED_SCHEMA = Schema.builder()
            .column("id", ColumnType.BIGINT)
            .column("name", ColumnType.TEXT)
            .primaryKey("id")
            .unique("name", "id")
            .build();

    /** All tables and rows as a new transaction sees them, in the order of their places and of every index. */
    static Map<String, List<Row>> contents(Database database) {
        Map<String, List<Row>> contents = new TreeMap<>();
        try (Transaction transaction = database.begin()) {
            for (Table table : transaction.tables()) {
                List<Row> rows = new ArrayList<>();
                try (Scan scan = table.scan()) {
                    scan.forEachRemaining(row -> rows.add(row));
                }
                contents.put(table.schema() + " " + table.name(), rows);
                for (Index index : table.indexes()) {
                    List<Row> inOrder = new ArrayList<>();
                    try (Scan scan = table.scan(KeyRange.all(index.name()), row -> true)) {
                        scan.forEachRemaining(row -> inOrder.add(row));
                    }
                    contents.put(table.name() + " " + index, inOrder);
                }
            }
            transaction.rollback();
        }
        return contents;
    }

    /** Changes a row of each table. */
    static void touch(Database database) {
        try (Transaction transaction = database.begin()) {
            for (Table table : transaction.tables()) {
                table.update(row -> row.size() == 3 && row.getLong("id") % 7 == 0, row -> row.with("name", "touched"));
                transaction.savepoint("s");
            }
            transaction.commit();
        }
    }

    /** Bytes of the log that no record is in: behind the end of the log or of a segment's last record, and spare files. */
    private static Map<String, BitSet> free(ByteImage image) {
        Map<String, BitSet> free = new HashMap<>();
        for (String name : image.list()) {
            BitSet bytes = new BitSet();
            if (SegmentNames.isLogFile(name)) {
                bytes.set(0, image.bytes(name).length);
            }
            free.put(name, bytes);
        }
        try (ControlFile file = ControlFile.open(image)) {
            ControlState control = file.current();
            SegmentGeometry geometry = new SegmentGeometry(control.segmentBytes());
            WalOptions options = WalOptions.of(control.segmentBytes(), 1 << 16, control.pageSize());
            List<Long> segments = WalReader.segments(image);
            try (WalReader reader = WalReader.fromSegment(image, options, control.databaseId(), segments.get(0))) {
                LoggedRecord logged = reader.next();
                while (logged != null) {
                    BitSet bytes = free.get(SegmentNames.of(geometry.segmentNo(logged.start())));
                    if (bytes == null) {
                        throw new IllegalStateException("a record outside of all segments");
                    }
                    int from = geometry.offset(logged.start());
                    boolean last = logged.record().type() == WalRecordType.SEGMENT_END;
                    bytes.clear(
                            from, last ? from + RecordFrame.MIN_LENGTH : from + (int) (logged.end() - logged.start()));
                    bytes.clear(0, SegmentHeader.BYTES);
                    logged = reader.next();
                }
            }
        }
        return free;
    }

    /** To be damaged and mended. */
    ByteImage image() {
        return image;
    }

    Map<String, List<Row>> contents() {
        return contents;
    }

    /** Whether the format declares the byte to be free, or it lies past the end. */
    boolean isFree(String file, int at) {
        BitSet bytes = free.get(file);
        return bytes != null && bytes.get(at);
    }
}
