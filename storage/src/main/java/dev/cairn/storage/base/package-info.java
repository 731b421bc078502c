/**
 * Errors, LSNs, checksums and the seams (clock, scheduler) that everything else stands on.
 *
 * <p>Depends on nothing. Owns no files.
 */
@NullMarked
package dev.cairn.storage.base;

import org.jspecify.annotations.NullMarked;
