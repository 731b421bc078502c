/**
 * {@code cairn demo}: savepoints, a process killed in mid-transaction, recovery, and the proof that nothing acknowledged
 * was lost.
 *
 * <p>Parent and child agree on what is written through {@link dev.cairn.tools.demo.DemoPlan} alone, which follows from the
 * seed; the parent therefore knows, branch by branch, what must be there and what must not. Allowed dependencies: engine,
 * sql, recovery (its report), tools.console, tools.log.
 */
@NullMarked
package dev.cairn.tools.demo;

import org.jspecify.annotations.NullMarked;
