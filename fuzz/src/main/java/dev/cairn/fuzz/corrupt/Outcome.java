package dev.cairn.fuzz.corrupt;

/** How damage came to light, or why it did not have to. */
enum Outcome {
    /** Opening was refused with a typed error. */
    REFUSED,
    /** Reading gave a typed error. */
    AT_READING,
    /** Opening and reading gave the truth; {@code verify} names the damage. */
    BY_VERIFY,
    /** The truth, and a byte that the format declares free. */
    UNREFERENCED
}
