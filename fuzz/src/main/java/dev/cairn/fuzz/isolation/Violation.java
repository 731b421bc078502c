package dev.cairn.fuzz.isolation;

/**
 * An anomaly in a history.
 *
 * @param text where, for people
 */
public record Violation(Anomaly anomaly, String text) {
    @Override
    public String toString() {
        return anomaly + " (" + anomaly.text() + "): " + text;
    }
}
