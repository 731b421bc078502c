/**
 * Isolation, judged from outside: sessions append unique values to lists, read single lists and ranges of them, and {@link
 * dev.cairn.fuzz.isolation.IsolationChecker} says which anomalies the recorded {@link dev.cairn.fuzz.isolation.History} holds.
 *
 * <p>Entry points: {@link dev.cairn.fuzz.isolation.IsolationRun}, {@link dev.cairn.fuzz.isolation.Interleavings}; for
 * histories of one's own {@code History} and {@code IsolationChecker}. Allowed dependencies: engine and what is below, the
 * simulated disk and schedule.
 */
@NullMarked
package dev.cairn.fuzz.isolation;

import org.jspecify.annotations.NullMarked;
