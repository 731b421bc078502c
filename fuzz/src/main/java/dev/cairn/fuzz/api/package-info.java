/**
 * Crash tests for applications: implement {@link dev.cairn.fuzz.api.CrashWorkload}, hand it to a {@link
 * dev.cairn.fuzz.api.CrashRunner}.
 *
 * <p>Allowed dependencies: fuzz.disk, fuzz.workload, fuzz.trace, the engine's API.
 */
@NullMarked
package dev.cairn.fuzz.api;

import org.jspecify.annotations.NullMarked;
