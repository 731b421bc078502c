/**
 * What mutation testing found, judged: {@link dev.cairn.tools.mutation.MutateCommand}.
 *
 * <p>Allowed dependencies: tools.console. Reads PIT's report and {@code docs/mutation-survivors.txt}; writes its part of
 * {@code docs/TESTING.md} when asked to.
 */
@NullMarked
package dev.cairn.tools.mutation;

import org.jspecify.annotations.NullMarked;
