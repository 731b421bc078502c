package dev.cairn.stress;

import dev.cairn.fuzz.mutant.EngineSources;
import dev.cairn.fuzz.mutant.MutantBuild;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code cairn campaign stress}: every test in every mode of compilation, then, if the engine has come through, engines with one
 * rule broken each, which some test must notice. The last line on standard output is {@code stress: tests=N samples=N failed=N
 * mutants=N caught=N}.
 */
public final class Stress {

    /** Those of the crash campaigns' mutants that break a rule between threads. */
    private static final List<String> SHARED = List.of(
            "03-durable-before-written",
            "51-published-without-those-before",
            "54-snapshot-not-announced",
            "55-round-covers-later-log",
            "56-follower-believes-any-round",
            "108-rollback-to-keeps-row-locks",
            "109-published-before-status",
            "119-locks-keep-nobody-out",
            "122-waiters-not-woken");

    private final PrintStream out;
    private long tests;
    private long samples;
    private long failed;
    private long mutants;
    private long caught;

    private Stress(PrintStream out) {
        this.out = out;
    }

    /** Arguments: {@code --only=MUTANT}, {@code --no-mutants}. Ends with 0 if nothing failed and every mutant was caught. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Stress stress = new Stress(out);
        String only = "";
        boolean breakRules = true;
        for (String argument : arguments) {
            if (argument.startsWith("--only=")) {
                only = argument.substring("--only=".length());
            } else if (argument.equals("--no-mutants")) {
                breakRules = false;
            } else {
                System.err.println("cairn campaign stress: there is no \"" + argument
                        + "\"; there are --only=MUTANT and --no-mutants");
                System.exit(2);
            }
        }
        if (only.isEmpty()) {
            stress.engine();
        }
        if (stress.failed == 0 && breakRules) {
            stress.mutants(
                    Path.of(System.getenv().getOrDefault("CAIRN_ROOT", "")).toAbsolutePath(), only);
        }
        System.exit(stress.summary() ? 0 : 1);
    }

    private void engine() throws IOException, InterruptedException {
        out.println("| test | samples | outcomes |");
        out.println("|---|---:|---|");
        for (StressResult result : new StressRun(StressRun.Extent.FULL).run(null)) {
            tests++;
            samples += result.samples();
            failed += result.passed() ? 0 : 1;
            out.println(String.format(Locale.ROOT, "| %s | %,d | %s |", result.name(), result.samples(), said(result)));
        }
    }

    private static String said(StressResult result) {
        return result.passed() ? result.outcomes().toString() : "**failed**: " + result.trouble();
    }

    private void mutants(Path root, String only) throws IOException, InterruptedException {
        out.println();
        out.println("| mutant | caught by |");
        out.println("|---|---|");
        EngineSources shared = EngineSources.in(root);
        for (String name : SHARED) {
            mutant(shared, name, only);
        }
        EngineSources own = EngineSources.in(root, "stress/mutants");
        for (String name : own.names()) {
            mutant(own, name, only);
        }
    }

    private void mutant(EngineSources sources, String name, String only) throws IOException, InterruptedException {
        if (!only.isEmpty() && !name.equals(only)) {
            return;
        }
        Path scratch = Files.createTempDirectory("cairn-stress-mutant");
        try {
            Path classes = new MutantBuild(sources).build(name, scratch);
            List<StressResult> failures = new StressRun(StressRun.Extent.LONG)
                    .run(classes).stream().filter(result -> !result.passed()).toList();
            mutants++;
            caught += failures.isEmpty() ? 0 : 1;
            out.println("| " + name + " | " + (failures.isEmpty() ? "**survived**" : said(failures)) + " |");
        } finally {
            StressRun.delete(scratch);
        }
    }

    private static String said(List<StressResult> failures) {
        return String.join(
                ", ",
                failures.stream()
                        .map(failure -> failure.name() + " "
                                + (failure.outcomes().isEmpty() ? failure.trouble() : failure.outcomes()))
                        .toList());
    }

    private boolean summary() {
        out.println("stress: tests=" + tests + " samples=" + samples + " failed=" + failed + " mutants=" + mutants
                + " caught=" + caught);
        return failed == 0 && caught == mutants;
    }
}
