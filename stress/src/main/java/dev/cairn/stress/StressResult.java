package dev.cairn.stress;

import java.util.Map;
import java.util.TreeMap;

/**
 * What became of one test.
 *
 * @param test its class
 * @param passed whether it ran, and only as it may
 * @param outcomes how often each result came
 * @param trouble for people: which results are forbidden, or why it did not run; empty if it passed
 */
record StressResult(String test, boolean passed, Map<String, Long> outcomes, String trouble) {

    StressResult {
        outcomes = new TreeMap<>(outcomes);
    }

    /** How often the race was run. */
    long samples() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The class without its package. */
    String name() {
        return test.substring(test.lastIndexOf('.') + 1);
    }
}
