/**
 * Every on-disk field, declared once, and the rendering of FORMAT.md from it.
 *
 * <p>Allowed dependencies: storage.base.
 */
@NullMarked
package dev.cairn.storage.format;

import org.jspecify.annotations.NullMarked;
