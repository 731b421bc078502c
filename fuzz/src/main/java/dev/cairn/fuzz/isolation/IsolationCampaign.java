package dev.cairn.fuzz.isolation;

import dev.cairn.fuzz.crash.SimulatedDatabases;
import dev.cairn.fuzz.isolation.IsolationRun.Judge;
import dev.cairn.txn.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Scripts in every interleaving, and seeds of random sessions, at each level, up to the first failure. Used by one thread.
 */
public final class IsolationCampaign {

    /**
     * One script at one level.
     *
     * @param runs how many interleavings were run
     * @param covered how many were run, or are the same as one that was
     * @param of how many there are
     * @param failures in how many runs somebody failed
     * @param shown in how many runs each anomaly showed
     */
    public record Part(
            AnomalyScript script,
            IsolationLevel level,
            long runs,
            long covered,
            long of,
            long failures,
            Map<Anomaly, Integer> shown) {

        /** Whether it was run to its end, and shows what the level allows. */
        public boolean isWhole() {
            return covered == of;
        }

        /** Whether what the level allows has shown. */
        public boolean isTelling() {
            return !script.shows().isAllowedAt(level) || shown.containsKey(script.shows());
        }
    }

    /** How many histories a seed is. */
    public static final int HISTORIES = 2 * IsolationLevel.values().length;

    private long seeds;

    /** How many seeds have come through, each at every level. */
    public long seeds() {
        return seeds;
    }

    /** The interleavings of every short script at every level, those that are the same merged. @throws IsolationFailure if one shows what is forbidden */
    public void interleavings() {
        List<AnomalyScript> scripts = new ArrayList<>(AnomalyScript.ofTwo());
        scripts.addAll(AnomalyScript.ofThree());
        for (AnomalyScript script : scripts) {
            for (IsolationLevel level : IsolationLevel.values()) {
                Interleavings.merged(script, level).run();
            }
        }
    }

    /**
     * Every interleaving of the scripts of three transactions of five steps, at each level, as far as the time goes.
     *
     * @param parts told of each script and level when it has ended, or the time has
     * @param progress told from time to time; for people
     * @throws IsolationFailure if one shows what is forbidden
     */
    public void longInterleavings(BooleanSupplier inTime, Consumer<Part> parts, Consumer<String> progress) {
        for (AnomalyScript script : AnomalyScript.ofThreeLong()) {
            for (IsolationLevel level : IsolationLevel.values()) {
                Interleavings some = Interleavings.merged(script, level);
                boolean more = inTime.getAsBoolean();
                while (more) {
                    more = some.advance() && inTime.getAsBoolean();
                    progress.accept(
                            script.name() + " at " + level + ": " + some.covered() + " of " + AnomalyScript.THREE_LONG);
                }
                parts.accept(new Part(
                        script,
                        level,
                        some.runs(),
                        some.covered(),
                        AnomalyScript.THREE_LONG,
                        some.failures(),
                        some.shown()));
            }
        }
    }

    /** Random sessions. @throws IsolationFailure if a seed shows what is forbidden */
    public void run(long firstSeed, long count) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            run(seed);
        }
    }

    /**
     * Random sessions at each level: first such as also write over and delete, judged by the versions that the engine exports, then such
     * as append, judged by their lists.
     *
     * @return a hash of the schedules
     * @throws IsolationFailure if there is what is forbidden
     */
    public long run(long seed) {
        long hash = 0;
        for (IsolationLevel level : IsolationLevel.values()) {
            hash = hash * 31 + run(seed, level, Judge.VERSIONS);
            hash = hash * 31 + run(seed, level, Judge.LISTS);
        }
        seeds++;
        return hash;
    }

    private static long run(long seed, IsolationLevel level, Judge judge) {
        return new IsolationRun(seed, level, judge).simulated(SimulatedDatabases.options(seed));
    }

    /**
     * One interleaving.
     *
     * @param name the script's, the level's and whose step comes when, as {@link IsolationFailure#name} has it
     * @throws IllegalArgumentException if there is none of that name
     * @throws IsolationFailure if it shows what is forbidden
     */
    public void only(String name) {
        String[] parts = name.split("/", -1);
        List<AnomalyScript> scripts = new ArrayList<>(AnomalyScript.ofTwo());
        scripts.addAll(AnomalyScript.ofThree());
        scripts.addAll(AnomalyScript.ofThreeLong());
        AnomalyScript script = scripts.stream()
                .filter(some -> some.name().equals(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no script \"" + parts[0] + "\""));
        if (parts.length != 3) {
            throw new IllegalArgumentException("an interleaving is SCRIPT/LEVEL/ORDER, not \"" + name + "\"");
        }
        Interleavings.all(script, IsolationLevel.valueOf(parts[1])).only(parts[2]);
    }
}
