package dev.cairn.fuzz.mutant;

import dev.cairn.fuzz.mutant.MutantRun.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every mutant, as many at a time as there are processors, after the unchanged engine has come through the same seeds. Used by one
 * thread.
 */
public final class Mutants {

    private final EngineSources sources;
    private final Consumer<String> table;

    /** @param table told each line of the result */
    public Mutants(EngineSources sources, Consumer<String> table) {
        this.sources = sources;
        this.table = table;
    }

    /** The count. */
    public record Summary(int total, int caught, int survived) {

        /** Whether all were caught. */
        public boolean isOk() {
            return survived == 0;
        }

        /** The last line on standard output. */
        public String line() {
            return "mutants: total=" + total + " caught=" + caught + " survived=" + survived;
        }
    }

    /**
     * Runs them.
     *
     * @param only the one to run; null for all
     * @throws IllegalArgumentException if there is no such mutant
     * @throws PatchException if a patch no longer applies or compiles, before any mutant is run if it is the former
     * @throws IllegalStateException if the unchanged engine fails, so that nothing can be said of mutants
     */
    public Summary run(@Nullable String only) throws IOException, InterruptedException {
        List<String> names = sources.names().stream()
                .filter(name -> only == null || name.equals(only))
                .toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    only == null ? "there are no mutants" : "there is no mutant \"" + only + "\"");
        }
        for (String name : names) {
            sources.requireApplies(name);
        }
        MutantRun run = new MutantRun(sources);
        Verdict unchanged = run.run("", MutantRun.ROUNDS);
        if (!unchanged.survived()) {
            throw new IllegalStateException("the unchanged engine fails: " + unchanged.said());
        }
        row("(unchanged)", unchanged);
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (String name : names) {
                verdicts.add(workers.submit(() -> run.run(name, MutantRun.ROUNDS)));
            }
            int survived = 0;
            for (int i = 0; i < names.size(); i++) {
                Verdict verdict = verdicts.get(i).get();
                row(names.get(i), verdict);
                survived += verdict.survived() ? 1 : 0;
            }
            return new Summary(names.size(), names.size() - survived, survived);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a mutant could not be run: " + e.getCause(), e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private void row(String name, Verdict verdict) {
        table.accept(String.format(
                Locale.ROOT,
                "| %s | %.1f s | %s |",
                name,
                verdict.cpuSeconds(),
                verdict.survived() ? "**survived**: " + verdict.said() : verdict.said()));
    }
}
