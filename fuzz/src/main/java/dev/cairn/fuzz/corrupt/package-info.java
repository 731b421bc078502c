/**
 * Damage: a reference database with bits flipped, one at a time, and images that lie under valid checksums. Whatever is
 * damaged must be reported, by opening, by reading or by verifying; a wrong answer never.
 *
 * <p>Allowed dependencies: storage, wal, recovery, engine, fuzz.workload. Entry point: {@link
 * dev.cairn.fuzz.corrupt.CorruptCampaign}.
 */
@NullMarked
package dev.cairn.fuzz.corrupt;

import org.jspecify.annotations.NullMarked;
