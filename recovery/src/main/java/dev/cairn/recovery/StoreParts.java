package dev.cairn.recovery;

import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.cache.PageCache;
import dev.cairn.storage.file.Disk;
import dev.cairn.txn.TransactionSettings;
import dev.cairn.txn.TransactionStatus;
import dev.cairn.txn.TransactionSystem;
import dev.cairn.wal.WalWriter;

/** The rooms of one open database. */
record StoreParts(
        Disk disk,
        ControlFile control,
        StoreOptions options,
        Environment environment,
        Health health,
        WalWriter wal,
        FileTable files,
        PageCache cache,
        TransactionSystem transactions,
        FileIdAllocator fileIds,
        Checkpointer checkpointer) {

    /** Puts them together in the order in which they need each other; what has to be closed is added to {@code releases}. */
    static StoreParts assemble(
            Disk disk,
            ControlFile control,
            StoreOptions options,
            Environment environment,
            Health health,
            WalWriter wal,
            TransactionStatus status,
            int nextFileId,
            Releases releases) {
        FileTable files = new FileTable(disk, options.pageSize(), options.growth(), environment, health);
        releases.add(files::close);
        PageCache cache = releases.add(new PageCache(
                options.cacheOptions(),
                files,
                wal,
                environment,
                health,
                control.current().databaseId().seed(),
                PageStructures.CHECK));
        TransactionSystem transactions = new TransactionSystem(
                wal,
                status,
                environment,
                health,
                new TransactionSettings(options.subxactCacheCapacity(), options.lockTimeoutNanos()));
        FileIdAllocator fileIds = new FileIdAllocator(nextFileId);
        Checkpointer checkpointer =
                new Checkpointer(options, control, wal, files, cache, transactions, fileIds, environment, health);
        return new StoreParts(
                disk, control, options, environment, health, wal, files, cache, transactions, fileIds, checkpointer);
    }
}
