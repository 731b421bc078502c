package dev.cairn.fuzz.api;

import dev.cairn.fuzz.api.Plan.Ending;

/** One element of a run; runs are made shorter by leaving some out. */
sealed interface Move {

    /**
     * A step of the workload. Steps of one transaction stand beside each other.
     *
     * @param seed of the step's random source
     */
    record Step(int transaction, Ending ending, long seed) implements Move {}

    /** Between two transactions. */
    enum Maintenance implements Move {
        CHECKPOINT,
        BACKGROUND,
        REOPEN
    }
}
