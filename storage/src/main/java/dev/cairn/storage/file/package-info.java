/**
 * The only door to the operating system: disks, files, read windows, the directory lock.
 *
 * <p>Allowed dependencies: storage.base.
 */
@NullMarked
package dev.cairn.storage.file;

import org.jspecify.annotations.NullMarked;
