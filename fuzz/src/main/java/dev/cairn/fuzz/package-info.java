/**
 * Simulated disks, fault plans, workloads and the model that judges them.
 *
 * <p>Allowed dependencies: every module to its left.
 */
@NullMarked
package dev.cairn.fuzz;

import org.jspecify.annotations.NullMarked;
