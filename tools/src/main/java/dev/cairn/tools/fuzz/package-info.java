/**
 * {@code cairn fuzz}: the front of the fuzzer.
 *
 * <p>Allowed dependencies: fuzz, tools.console, tools.log (for JSON).
 */
@NullMarked
package dev.cairn.tools.fuzz;

import org.jspecify.annotations.NullMarked;
