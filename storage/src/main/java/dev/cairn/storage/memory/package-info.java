/**
 * Off-heap slabs with bounds-checked accessors; the only package that knows chronicle or Unsafe, and so also where the digits of
 * decimals are read.
 *
 * <p>Allowed dependencies: storage.base.
 *
 * <p>Of chronicle only its memory access ({@code UnsafeMemory}) is touched: it needs no JVM flag and is silent. {@code
 * BytesStore} would add nothing here but its start-up: warnings on the console, a releaser thread, and the reading of a
 * {@code system.properties} file from the working directory of whoever embeds Cairn.
 */
@NullMarked
package dev.cairn.storage.memory;

import org.jspecify.annotations.NullMarked;
