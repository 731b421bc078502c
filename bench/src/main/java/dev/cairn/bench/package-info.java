/**
 * Benchmarks; never shipped. Entry point: {@link dev.cairn.bench.Bench}.
 *
 * <p>Allowed dependencies: engine, sql, fuzz, JMH.
 */
@NullMarked
package dev.cairn.bench;

import org.jspecify.annotations.NullMarked;
