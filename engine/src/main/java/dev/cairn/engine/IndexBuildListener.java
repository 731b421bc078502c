package dev.cairn.engine;

/** Is told how far the building of an index is, on the thread that builds it. What it throws fails the statement. */
@FunctionalInterface
public interface IndexBuildListener {

    /** Does nothing. */
    IndexBuildListener SILENT = progress -> {};

    /** Called every 10,000 rows and entries, and at the end. */
    void progress(IndexBuildProgress progress);
}
