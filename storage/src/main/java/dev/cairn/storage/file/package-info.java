/**
 * The door to the operating system: directories, files, read-only mappings, the directory lock.
 *
 * <p>Depends on {@code storage.base}. The only package that uses file channels. Entry points: {@link
 * dev.cairn.storage.file.Disk}.
 */
@NullMarked
package dev.cairn.storage.file;

import org.jspecify.annotations.NullMarked;
