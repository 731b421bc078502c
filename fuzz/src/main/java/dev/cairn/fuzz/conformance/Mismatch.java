package dev.cairn.fuzz.conformance;

/** A scenario went otherwise than recorded. */
final class Mismatch extends Exception {

    private static final long serialVersionUID = 1L;

    Mismatch(String message) {
        super(message);
    }
}
