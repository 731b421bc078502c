package dev.cairn.fuzz.mutant;

import dev.cairn.fuzz.mutant.MutantRun.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every mutant in turn, after the unchanged engine has come through the same seeds. Used by one thread. */
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
        Verdict unchanged = run.run("", MutantRun.SEEDS);
        if (!unchanged.survived()) {
            throw new IllegalStateException("the unchanged engine fails: " + unchanged.said());
        }
        row("(unchanged)", unchanged);
        int survived = 0;
        for (String name : names) {
            Verdict verdict = run.run(name, MutantRun.SEEDS);
            row(name, verdict);
            survived += verdict.survived() ? 1 : 0;
        }
        return new Summary(names.size(), names.size() - survived, survived);
    }

    private void row(String name, Verdict verdict) {
        table.accept(String.format(
                Locale.ROOT,
                "%-36s %5.1f s  %s",
                name,
                verdict.seconds(),
                verdict.survived() ? "survived: " + verdict.said() : verdict.said()));
    }
}
