package dev.cairn.engine;

/**
 * Counters of an open database, since its opening. To be widened as needed.
 *
 * @param largeValuesRead values too large for a page that were read from pages of their own
 */
public record DatabaseStatistics(int openTransactions, long commits, long rollbacks, long largeValuesRead) {}
