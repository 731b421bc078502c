/**
 * The cairn command line, one class per command.
 *
 * <p>Allowed dependencies: every module but bench.
 */
@NullMarked
package dev.cairn.tools;

import org.jspecify.annotations.NullMarked;
