package dev.cairn.txn.heap;

import java.util.List;

/**
 * Versions of a row that nobody can see, now or later, and to which entries of indexes may lead.
 *
 * @param rowId where the entries lead
 * @param xmin who made the first version: with the row id this names the chain
 * @param rows the versions' rows, without tuple headers
 */
public record DeadChain(long rowId, long xmin, List<byte[]> rows) {}
