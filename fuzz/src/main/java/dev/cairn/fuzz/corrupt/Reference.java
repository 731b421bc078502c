package dev.cairn.fuzz.corrupt;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Index;
import dev.cairn.engine.KeyRange;
import dev.cairn.engine.Row;
import dev.cairn.engine.Scan;
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
import org.jspecify.annotations.Nullable;

/** A small database that was closed cleanly, with everything that a database can hold: see {@link ReferenceHistory}. */
public final class Reference {

    /** The reference has at least this many bytes. */
    public static final int BYTES = 256 << 10;

    static final int PAGE_BYTES = 512;
    static final int SEGMENT_BYTES = 16 << 10;

    static final DatabaseOptions OPTIONS = options(64);
    /** Nothing is written back but by checkpoints. */
    private static final DatabaseOptions ALL_CACHED = options(4096);

    private final ByteImage image;
    private final Map<String, List<Row>> contents;
    private final Map<String, BitSet> free;

    private Reference(ByteImage image, Map<String, List<Row>> contents, Map<String, BitSet> free) {
        this.image = image;
        this.contents = contents;
        this.free = free;
    }

    private static DatabaseOptions options(int cachedPages) {
        return DatabaseOptions.builder()
                .pageSize(PAGE_BYTES)
                .cacheBytes((long) cachedPages * PAGE_BYTES)
                .segmentBytes(SEGMENT_BYTES)
                .walBufferBytes(8 * PAGE_BYTES)
                .checkpointBytes(SEGMENT_BYTES)
                .growthBytes(4 * PAGE_BYTES)
                .build();
    }

    /**
     * One that a crash left: all that its last life has logged is to be redone. Of odd seeds nothing but the log tells of that
     * life; of even ones pages tell of it, too, written back before the crash.
     */
    static Reference crashed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (OverlayDisk disk = new OverlayDisk(new ByteImage(Map.of()))) {
            try (Database database = new SimEnvironment(seed).open(disk, OPTIONS)) {
                ReferenceHistory.write(database, random, 0);
            }
            DatabaseOptions options = seed % 2 == 0 ? OPTIONS : ALL_CACHED;
            try (Database database = new SimEnvironment(seed + 1).open(disk, options)) {
                ReferenceHistory.write(database, random, 1);
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
            ByteImage image = new ByteImage(Map.of());
            while (life < 2 || image.size() < BYTES) {
                ByteImage open;
                try (Database database = new SimEnvironment(seed + life).open(disk, OPTIONS)) {
                    ReferenceHistory.write(database, random, life);
                    contents = contents(database);
                    open = ByteImage.of(disk);
                }
                image = withItsLog(ByteImage.of(disk), open);
                life++;
            }
            return new Reference(image, contents, free(image));
        }
    }

    /**
     * A closed database with the log that it had before it was closed, as if somebody had asked for it to be kept. Spare segments hold nothing, so
     * one will do.
     */
    private static ByteImage withItsLog(ByteImage image, ByteImage open) {
        for (String name : open.list()) {
            if (SegmentNames.isLogFile(name) && !image.list().contains(name)) {
                image.put(name, open.bytes(name));
            }
        }
        image.list().stream()
                .filter(name -> SegmentNames.isLogFile(name) && SegmentNames.segmentNo(name) < 0)
                .skip(1)
                .forEach(image::remove);
        return image;
    }

    /** All tables and rows as a new transaction sees them, in the order of their places and of every index. */
    static Map<String, List<Row>> contents(Database database) {
        Map<String, List<Row>> contents = new TreeMap<>();
        try (Transaction transaction = database.begin()) {
            for (Table table : transaction.tables()) {
                List<Row> rows = new ArrayList<>();
                try (Scan scan = table.scan()) {
                    scan.forEachRemaining(row -> rows.add(whole(row)));
                }
                contents.put(table.schema() + " " + table.name(), rows);
                for (Index index : table.indexes()) {
                    List<Row> inOrder = new ArrayList<>();
                    try (Scan scan = table.scan(KeyRange.all(index.name()), row -> true)) {
                        scan.forEachRemaining(row -> inOrder.add(whole(row)));
                    }
                    contents.put(table.name() + " " + index, inOrder);
                }
            }
            transaction.rollback();
        }
        return contents;
    }

    /** With its large values, which can be read only now. */
    private static Row whole(Row row) {
        @Nullable Object[] values = new @Nullable Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i);
        }
        return Row.of(values);
    }

    /** Changes rows of each table, values large and small. */
    static void touch(Database database) {
        try (Transaction transaction = database.begin()) {
            for (Table table : transaction.tables()) {
                table.update(row -> row.getLong("id") % 7 == 0, row -> row.with(1, ReferenceHistory.another(row)));
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
