/**
 * Races of two threads inside the engine, run a million times by jcstress; never shipped, as jcstress is GPLv2 with the Classpath
 * Exception. The tests stand in the packages that they look into, as {@link dev.cairn.stress.Stress} finds out by itself.
 *
 * <p>Allowed dependencies: everything up to fuzz, jcstress. Entry point: {@link dev.cairn.stress.Stress}.
 */
@NullMarked
package dev.cairn.stress;

import org.jspecify.annotations.NullMarked;
