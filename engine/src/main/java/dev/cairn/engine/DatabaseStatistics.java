package dev.cairn.engine;

/**
 * A database's counters at one moment.
 *
 * @param openTransactions begun and not ended
 * @param commits since the database was opened
 * @param rollbacks since the database was opened
 * @param largeValuesRead since the database was opened: values too large for a page, read from pages of their own
 * @param lockedPages pages with a row that somebody has locked or waits for; rows that were merely written do not count
 * @param rememberedReads how much is remembered of serializable transactions: themselves, and the tables and indexes they read
 */
public record DatabaseStatistics(
        int openTransactions,
        long commits,
        long rollbacks,
        long largeValuesRead,
        int lockedPages,
        int rememberedReads) {}
