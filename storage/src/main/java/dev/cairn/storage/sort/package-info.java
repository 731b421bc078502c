/**
 * Sorting of more keys than memory holds: sorted runs in a temporary file of the database's directory, merged.
 *
 * <p>Allowed dependencies: storage.base, storage.file. Entry point: {@link dev.cairn.storage.sort.KeySort}. On disk: {@code
 * sort-} files, which nobody reads after the process that wrote them and which opening the database removes.
 */
@NullMarked
package dev.cairn.storage.sort;

import org.jspecify.annotations.NullMarked;
