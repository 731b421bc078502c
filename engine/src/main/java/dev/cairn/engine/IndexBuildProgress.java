package dev.cairn.engine;

/**
 * How far the building of an index is: rows are read and sorted first, then their entries are merged into pages.
 *
 * @param index its name
 * @param rows row versions read
 * @param runs sorted runs written to a temporary file, those made of others included; 0 if memory sufficed
 * @param entries entries put into pages
 * @param pages pages written
 */
public record IndexBuildProgress(String index, long rows, int runs, long entries, int pages) {}
