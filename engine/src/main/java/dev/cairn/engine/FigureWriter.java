package dev.cairn.engine;

import dev.cairn.recovery.LiveFigures;
import dev.cairn.recovery.LiveFigures.Figure;
import dev.cairn.recovery.OpenedStore;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.file.Disk;
import dev.cairn.storage.file.DiskFile;
import dev.cairn.storage.file.OpenMode;
import dev.cairn.wal.WalStatistics;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the statistics file of an open database up to date. Nobody's data depends on it: if it cannot be written that is logged,
 * and no more is tried. Used by one thread at a time.
 */
final class FigureWriter {

    private static final Logger LOG = LoggerFactory.getLogger(FigureWriter.class);

    private final Disk disk;
    private final OpenedStore store;
    private final Database database;
    private boolean failed;

    FigureWriter(Disk disk, OpenedStore store, Database database) {
        this.disk = disk;
        this.store = store;
        this.database = database;
    }

    /** Writes it once; false always, so that the machine rests. */
    boolean step() {
        if (!failed) {
            boolean there = disk.list().contains(LiveFigures.FILE_NAME);
            try (DiskFile file = disk.open(LiveFigures.FILE_NAME, there ? OpenMode.WRITE : OpenMode.CREATE)) {
                file.write(0, figures().encode());
            } catch (DiskException e) {
                failed = true;
                LOG.warn("the statistics file is written no more: {}", e.getMessage());
            }
        }
        return false;
    }

    /** After the last step: a closed database has no figures. */
    void remove() {
        try {
            if (disk.list().contains(LiveFigures.FILE_NAME)) {
                disk.delete(LiveFigures.FILE_NAME);
            }
        } catch (DiskException e) {
            LOG.warn("the statistics file stays behind: {}", e.getMessage());
        }
    }

    private LiveFigures figures() {
        Map<Figure, Long> values = new EnumMap<>(Figure.class);
        DatabaseStatistics transactions = database.statistics();
        values.put(Figure.OPEN_TRANSACTIONS, (long) transactions.openTransactions());
        values.put(Figure.COMMITS, transactions.commits());
        values.put(Figure.ROLLBACKS, transactions.rollbacks());
        PageCache.Statistics cache = store.cache().statistics();
        values.put(Figure.CACHE_PAGES, (long) cache.frames());
        values.put(Figure.PAGES_READ, cache.pagesRead());
        values.put(Figure.PAGES_WRITTEN, cache.pagesWritten());
        values.put(Figure.EVICTIONS, cache.evictions());
        WalStatistics log = store.wal().statistics();
        values.put(Figure.LOG_END, store.wal().insertLsn());
        values.put(Figure.LOG_DURABLE, store.wal().durableLsn());
        values.put(Figure.LOG_RECORDS, log.records());
        values.put(Figure.LOG_BYTES, log.bytes());
        values.put(Figure.LOG_IMAGES, log.images());
        values.put(Figure.LOG_IMAGE_BYTES, log.imageBytes());
        values.put(Figure.LOG_WRITES, log.writes());
        values.put(Figure.LOG_SYNCS, log.syncs());
        values.put(Figure.LOG_WAITS, log.durableWaits());
        values.put(Figure.LOG_LARGEST_GROUP, log.largestGroup());
        values.put(Figure.LOG_FULL_BUFFER_WAITS, log.fullBufferWaits());
        return new LiveFigures(store.databaseId(), store.environment().clock().epochMicros(), values);
    }
}
