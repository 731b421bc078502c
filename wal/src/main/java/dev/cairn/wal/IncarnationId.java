package dev.cairn.wal;

/**
 * One life of a database, from an opening to its end: the seed of its log records' checksums, so that what an earlier life
 * left at the same place is not taken for this one's.
 *
 * @param counter counts lives from 1
 * @param salt random: two copies of a database that go on separately do not read each other's log
 */
public record IncarnationId(long counter, long salt) {}
