/**
 * Isolation, judged from outside: sessions write unique values to lists, read single lists and ranges of them, and {@link
 * dev.cairn.fuzz.isolation.IsolationChecker}, by the lists, or {@link dev.cairn.fuzz.isolation.VersionChecker}, by the versions that
 * the engine exports, says which anomalies the recorded {@link dev.cairn.fuzz.isolation.History} holds.
 *
 * <p>Entry points: {@link dev.cairn.fuzz.isolation.IsolationRun}, {@link dev.cairn.fuzz.isolation.Interleavings}; for
 * histories of one's own {@code History} and the checkers. Allowed dependencies: engine and what is below, the
 * simulated disk and schedule.
 */
@NullMarked
package dev.cairn.fuzz.isolation;

import org.jspecify.annotations.NullMarked;
