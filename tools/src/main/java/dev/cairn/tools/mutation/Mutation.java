package dev.cairn.tools.mutation;

/**
 * One mutant, as PIT's report has it.
 *
 * @param className simple name, nested classes with a dollar sign
 * @param method name as compiled; a lambda's is that of the method around it
 * @param mutator PIT's short name of the kind of change
 * @param description PIT's words for it
 * @param line in the source as it was mutated
 * @param survived no test failed
 */
record Mutation(String className, String method, String mutator, String description, int line, boolean survived) {}
