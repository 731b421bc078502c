/**
 * What all pages have in common: the header, the kinds, checksums and identity; and the header page of a data file.
 *
 * <p>Allowed dependencies: storage.base, storage.format, storage.memory. Entry points: {@link
 * dev.cairn.storage.page.PageHeader}, {@link dev.cairn.storage.page.PageChecks}.
 */
@NullMarked
package dev.cairn.storage.page;

import org.jspecify.annotations.NullMarked;
