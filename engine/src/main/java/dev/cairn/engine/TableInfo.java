package dev.cairn.engine;

/**
 * A row of the catalog, decoded.
 *
 * @param tableId never used twice
 * @param fileId the heap file that holds the table's rows
 */
record TableInfo(int tableId, String name, int fileId, Schema schema) {}
