package dev.cairn.tools.mutation;

import dev.cairn.tools.console.UnreadableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why mutants survive, as {@code docs/mutation-survivors.txt} has it: a line is {@code CLASS METHOD MUTATOR: REASON}, where
 * {@code *} stands for any method or mutator; lines that begin with # are comments. The first line that fits a survivor is
 * its reason. Line numbers would be out of date with the next change; a reason that no survivor has any more is told.
 */
record SurvivorReasons(List<Reason> reasons) {

    private static final String ANY = "*";

    /** One line of the file. */
    record Reason(String className, String method, String mutator, String text) {

        boolean fits(Mutation mutation) {
            return className.equals(mutation.className())
                    && (method.equals(ANY) || method.equals(mutation.method()))
                    && (mutator.equals(ANY) || mutator.equals(mutation.mutator()));
        }

        @Override
        public String toString() {
            return className + " " + method + " " + mutator;
        }
    }

    static SurvivorReasons read(Path file) throws IOException {
        List<Reason> reasons = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                reasons.add(reason(line));
            }
        }
        return new SurvivorReasons(List.copyOf(reasons));
    }

    private static Reason reason(String line) {
        int colon = line.indexOf(": ");
        String[] key = colon < 0 ? new String[0] : line.substring(0, colon).split(" ", -1);
        if (key.length != 3) {
            throw new UnreadableException("expected CLASS METHOD MUTATOR: REASON, found \"" + line + "\"");
        }
        return new Reason(key[0], key[1], key[2], line.substring(colon + 2).strip());
    }

    /** Null if no line fits. */
    @Nullable Reason of(Mutation survivor) {
        for (Reason reason : reasons) {
            if (reason.fits(survivor)) {
                return reason;
            }
        }
        return null;
    }

    /** Reasons that no survivor of these has. */
    List<Reason> stale(List<Mutation> survivors) {
        Set<Reason> unused = new LinkedHashSet<>(reasons);
        for (Mutation survivor : survivors) {
            Reason reason = of(survivor);
            if (reason != null) {
                unused.remove(reason);
            }
        }
        return List.copyOf(unused);
    }

    /** Markdown: one row for each class, method and kind of mutation, with how many of them survive and why. */
    String table(List<Mutation> survivors) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, String> why = new LinkedHashMap<>();
        for (Mutation survivor : survivors) {
            String place = "`" + survivor.className() + "." + survivor.method() + "` | " + survivor.mutator();
            Reason reason = of(survivor);
            counts.merge(place, 1, Integer::sum);
            why.put(place, reason == null ? "not judged yet" : reason.text());
        }
        StringBuilder table =
                new StringBuilder("| where | mutation | mutants | why it survives |\n|---|---|---:|---|\n");
        counts.forEach((place, count) -> table.append("| ")
                .append(place)
                .append(" | ")
                .append(count)
                .append(" | ")
                .append(why.get(place))
                .append(" |\n"));
        return table.toString();
    }
}
