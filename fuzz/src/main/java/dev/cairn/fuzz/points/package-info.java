/**
 * Which crash points the campaigns have met.
 *
 * <p>Allowed dependencies: storage.base. Entry point: {@link dev.cairn.fuzz.points.PointCoverage}.
 */
@NullMarked
package dev.cairn.fuzz.points;

import org.jspecify.annotations.NullMarked;
