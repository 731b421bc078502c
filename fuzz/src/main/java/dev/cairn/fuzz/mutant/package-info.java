/**
 * Proof that the crash tests bite: the engine with one rule of order broken at a time must fail the general campaign.
 *
 * <p>Allowed dependencies: fuzz.crash, fuzz.fault, fuzz.isolation, fuzz.workload, the JDK's compiler. Entry point: {@link dev.cairn.fuzz.mutant.Mutants}.
 */
@NullMarked
package dev.cairn.fuzz.mutant;

import org.jspecify.annotations.NullMarked;
