package dev.cairn.bench;

/** The entry point of {@code cairn bench}. */
public final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        System.err.println("cairn bench: no workload yet");
        System.exit(2);
    }
}
