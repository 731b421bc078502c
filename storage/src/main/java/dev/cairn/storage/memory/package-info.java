/**
 * Off-heap slabs with bounds-checked accessors; the only package that knows chronicle or Unsafe.
 *
 * <p>Allowed dependencies: storage.base.
 */
@NullMarked
package dev.cairn.storage.memory;

import org.jspecify.annotations.NullMarked;
