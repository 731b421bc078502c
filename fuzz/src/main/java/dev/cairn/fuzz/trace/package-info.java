/**
 * What transactions did, as trees of their savepoints, and how a failing run is made as short as possible.
 *
 * <p>Allowed dependencies: the engine's API. Entry points: {@link dev.cairn.fuzz.trace.TransactionTraces}, {@link
 * dev.cairn.fuzz.trace.Shrinker}.
 */
@NullMarked
package dev.cairn.fuzz.trace;

import org.jspecify.annotations.NullMarked;
