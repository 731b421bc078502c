/**
 * Crash tests as JUnit tests. The only package that needs JUnit, which this module's users bring themselves.
 *
 * <p>Allowed dependencies: fuzz.api, JUnit Jupiter. Entry point: {@link dev.cairn.fuzz.junit.CrashTest}.
 */
@NullMarked
package dev.cairn.fuzz.junit;

import org.jspecify.annotations.NullMarked;
