/**
 * Replays transcripts that were recorded from PostgreSQL: JSON lines, one scenario each, with what every step gave, which steps
 * blocked and which released them. Through the Java API or through SQL sessions; each session has a thread of its own.
 *
 * <p>Entry point: {@link dev.cairn.fuzz.conformance.Conformance}. Allowed dependencies: engine, sql and what is below.
 */
@NullMarked
package dev.cairn.fuzz.conformance;

import org.jspecify.annotations.NullMarked;
