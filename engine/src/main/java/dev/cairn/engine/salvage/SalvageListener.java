package dev.cairn.engine.salvage;

/** Is told how a salvage gets on, on the calling thread. */
public interface SalvageListener {

    /** Something that explains losses: what was damaged, what was done about it. */
    void note(String text);

    /** A table is done. */
    void table(TableOutcome outcome);

    /**
     * What became of a table.
     *
     * @param name in the new database
     * @param rows copied
     * @param lostPages pages that could not be read: the rows on them are lost, their number unknown
     * @param lostRows rows on readable pages that could not be read
     * @param undecided rows of transactions of which nobody can tell whether they committed; copied to {@code name_undecided}
     */
    record TableOutcome(String name, long rows, long lostPages, long lostRows, long undecided) {}
}
