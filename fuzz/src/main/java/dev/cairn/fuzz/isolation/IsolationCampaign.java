package dev.cairn.fuzz.isolation;

import dev.cairn.fuzz.crash.SimulatedDatabases;
import dev.cairn.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * Every script in every interleaving, and seeds of random sessions, at each level, up to the first failure. Used by one thread.
 */
public final class IsolationCampaign {

    private long seeds;

    /** How many seeds have come through, each at every level. */
    public long seeds() {
        return seeds;
    }

    /** Every interleaving of every script at every level. @throws IsolationFailure if one shows what is forbidden */
    public void interleavings() {
        List<AnomalyScript> scripts = new ArrayList<>(AnomalyScript.ofTwo());
        scripts.addAll(AnomalyScript.ofThree());
        for (AnomalyScript script : scripts) {
            for (IsolationLevel level : IsolationLevel.values()) {
                new Interleavings(script, level).run();
            }
        }
    }

    /** Random sessions. @throws IsolationFailure if a seed shows what is forbidden */
    public void run(long firstSeed, long count) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            for (IsolationLevel level : IsolationLevel.values()) {
                new IsolationRun(seed, level).simulated(SimulatedDatabases.options(seed));
            }
            seeds++;
        }
    }
}
