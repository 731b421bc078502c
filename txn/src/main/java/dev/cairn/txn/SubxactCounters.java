package dev.cairn.txn;

/**
 * The two counters that PostgreSQL shows for a session's sub-transactions.
 *
 * @param count ids that are cached: assigned and not aborted, at most the cache's capacity
 * @param overflowed whether there were ever more than the cache holds; stays until the top-level transaction ends
 */
public record SubxactCounters(int count, boolean overflowed) {

    public static final SubxactCounters NONE = new SubxactCounters(0, false);

    /** As PostgreSQL prints the composite value: {@code (64,t)}. */
    @Override
    public String toString() {
        return "(" + count + "," + (overflowed ? "t" : "f") + ")";
    }
}
