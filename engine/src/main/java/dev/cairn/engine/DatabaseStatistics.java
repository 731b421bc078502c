package dev.cairn.engine;

/** Counters of an open database. To be widened as needed. */
public record DatabaseStatistics(int openTransactions, long commits, long rollbacks) {}
