/**
 * Segment headers, record frames, the pool of preallocated segments.
 *
 * <p>Allowed dependencies: storage, wal.record.
 */
@NullMarked
package dev.cairn.wal.segment;

import org.jspecify.annotations.NullMarked;
