package dev.cairn.fuzz.mutant;

/** A patch that cannot be read, that no longer applies, or whose result does not compile. The message names the patch. */
public final class PatchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PatchException(String patch, String message) {
        super(patch + ": " + message);
    }
}
