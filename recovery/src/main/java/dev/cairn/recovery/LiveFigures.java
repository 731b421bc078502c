package dev.cairn.recovery;

import dev.cairn.storage.base.Crc;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.storage.format.Layout;
import dev.cairn.wal.DatabaseId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an open database is doing, in a file that it writes anew every second if the option says so, for whoever looks at the
 * directory from outside. Nothing in the engine reads it, it is never synced, and it is removed by a clean close; what a crash
 * leaves behind is told by its age. Immutable.
 *
 * @param writtenMicros when, since 1970
 */
public record LiveFigures(DatabaseId databaseId, long writtenMicros, Map<Figure, Long> values) {

    public static final String FILE_NAME = "statistics";

    private static final int VERSION = 1;
    /** The bytes CAIRNSTA as they stand on disk. */
    private static final long MAGIC = 0x4154_534E_5249_4143L;

    /** What is counted; since the database was opened, unless said otherwise. */
    public enum Figure {
        OPEN_TRANSACTIONS("transactions that are open now"),
        COMMITS("transactions that committed"),
        ROLLBACKS("transactions that were rolled back"),
        CACHE_PAGES("pages that the cache holds at most"),
        PAGES_READ("pages read from files"),
        PAGES_WRITTEN("pages written to files"),
        EVICTIONS("pages that gave way to others in the cache"),
        LOG_END("LSN of the end of the log, now"),
        LOG_DURABLE("LSN up to which the log is durable, now"),
        LOG_RECORDS("records appended"),
        LOG_BYTES("bytes appended"),
        LOG_IMAGES("full-page images among them"),
        LOG_IMAGE_BYTES("bytes of those images as stored"),
        LOG_WRITES("writes of log"),
        LOG_SYNCS("times that log was made durable"),
        LOG_WAITS("calls that waited for a sync"),
        LOG_LARGEST_GROUP("most calls that one sync has served"),
        LOG_FULL_BUFFER_WAITS("appends that met a full buffer");

        private final String meaning;

        Figure(String meaning) {
            this.meaning = meaning;
        }

        public String meaning() {
            return meaning;
        }

        /** In lower case, as programs see it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final Layout LAYOUT = layout();

    private static final int BYTES = LAYOUT.end();

    public LiveFigures {
        values = new EnumMap<>(values);
    }

    private static Layout layout() {
        Layout.Builder layout = Layout.named("statistics file")
                .i64("magic", "the bytes CAIRNSTA")
                .u32("crc", "CRC-32C of all of it, this field read as zero, seeded with 0")
                .u32("version", "of this layout, " + VERSION)
                .i64("databaseHigh", "database id, high half")
                .i64("databaseLow", "database id, low half")
                .i64("written", "microseconds since 1970");
        int bytes = 40;
        for (Figure figure : Figure.values()) {
            layout.i64(figure.key(), figure.meaning());
            bytes += Long.BYTES;
        }
        return layout.size(bytes);
    }

    /** The file's bytes. */
    public ByteBuffer encode() {
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(LAYOUT.offset("magic"), MAGIC);
        b.putInt(LAYOUT.offset("version"), VERSION);
        b.putLong(LAYOUT.offset("databaseHigh"), databaseId.high());
        b.putLong(LAYOUT.offset("databaseLow"), databaseId.low());
        b.putLong(LAYOUT.offset("written"), writtenMicros);
        values.forEach((figure, value) -> b.putLong(LAYOUT.offset(figure.key()), value));
        b.putInt(LAYOUT.offset("crc"), Crc.of(0, b.duplicate()));
        return b;
    }

    /** What the directory's file says; null if there is none, or it is damaged, of another version or another database. */
    public static @Nullable LiveFigures read(Disk disk, DatabaseId databaseId) {
        if (!disk.list().contains(FILE_NAME)) {
            return null;
        }
        ByteBuffer b = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (DiskFile file = disk.open(FILE_NAME, OpenMode.READ)) {
            if (file.readFully(0, b) != BYTES) {
                return null;
            }
        }
        b.clear();
        int crc = b.getInt(LAYOUT.offset("crc"));
        b.putInt(LAYOUT.offset("crc"), 0);
        DatabaseId owner =
                new DatabaseId(b.getLong(LAYOUT.offset("databaseHigh")), b.getLong(LAYOUT.offset("databaseLow")));
        if (b.getLong(LAYOUT.offset("magic")) != MAGIC
                || Crc.of(0, b.duplicate()) != crc
                || b.getInt(LAYOUT.offset("version")) != VERSION
                || !owner.equals(databaseId)) {
            return null;
        }
        Map<Figure, Long> values = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            values.put(figure, b.getLong(LAYOUT.offset(figure.key())));
        }
        return new LiveFigures(databaseId, b.getLong(LAYOUT.offset("written")), values);
    }
}
