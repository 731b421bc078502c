/**
 * The error family, invariant checks, log positions, checksums, and the seams for clock, random source and threads.
 *
 * <p>Allowed dependencies: the JDK and slf4j only.
 */
@NullMarked
package dev.cairn.storage.base;

import org.jspecify.annotations.NullMarked;
