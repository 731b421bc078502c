/**
 * Benchmarks; never shipped.
 *
 * <p>Allowed dependencies: engine, sql, fuzz, JMH.
 */
@NullMarked
package dev.cairn.bench;

import org.jspecify.annotations.NullMarked;
