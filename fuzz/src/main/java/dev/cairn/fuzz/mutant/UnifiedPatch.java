package dev.cairn.fuzz.mutant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A unified diff. Applying it is strict in what matters: the old lines of each hunk must occur exactly once in the file,
 * every character equal. Only where they stand may have changed, so that an edit elsewhere in a file breaks no patch.
 */
final class UnifiedPatch {

    /** Consecutive lines, and those that take their place. */
    private record Hunk(List<String> before, List<String> after) {}

    private final String name;
    private final Map<String, List<Hunk>> hunks = new LinkedHashMap<>();

    private UnifiedPatch(String name) {
        this.name = name;
    }

    /**
     * Reads a diff; what stands before the first {@code ---} line describes it and is skipped.
     *
     * @throws PatchException if it is none
     */
    static UnifiedPatch parse(String name, String text) {
        UnifiedPatch patch = new UnifiedPatch(name);
        List<Hunk> file = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("--- a/") && i + 1 < lines.size()) {
                String path = line.substring("--- a/".length());
                i++;
                if (!lines.get(i).equals("+++ b/" + path)) {
                    throw new PatchException(name, "expected +++ b/" + path + ", found " + lines.get(i));
                }
                file = new ArrayList<>();
                patch.hunks.put(path, file);
            } else if (line.startsWith("@@") && !patch.hunks.isEmpty()) {
                i = patch.readHunk(lines, i + 1, file) - 1;
            } else if (!patch.hunks.isEmpty()) {
                throw new PatchException(name, "line " + (i + 1) + " belongs to no hunk: " + line);
            }
        }
        if (patch.hunks.isEmpty() || patch.hunks.values().stream().anyMatch(List::isEmpty)) {
            throw new PatchException(name, "it changes nothing");
        }
        return patch;
    }

    /** @return the line after the hunk */
    private int readHunk(List<String> lines, int first, List<Hunk> file) {
        Hunk hunk = new Hunk(new ArrayList<>(), new ArrayList<>());
        int at = first;
        while (at < lines.size()
                && !lines.get(at).startsWith("@@")
                && !lines.get(at).startsWith("--- a/")) {
            String line = lines.get(at);
            String rest = line.isEmpty() ? "" : line.substring(1);
            switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                case ' ' -> {
                    hunk.before().add(rest);
                    hunk.after().add(rest);
                }
                case '-' -> hunk.before().add(rest);
                case '+' -> hunk.after().add(rest);
                default -> throw new PatchException(name, "line " + (at + 1) + " is none of a diff: " + line);
            }
            at++;
        }
        if (hunk.before().isEmpty() || hunk.before().equals(hunk.after())) {
            throw new PatchException(name, "the hunk at line " + first + " has no place or no change");
        }
        file.add(hunk);
        return at;
    }

    /** The files that it changes, relative to the root of the repository. */
    List<String> paths() {
        return List.copyOf(hunks.keySet());
    }

    /**
     * The file as it is after the patch.
     *
     * @param path one of {@link #paths()}
     * @throws PatchException if a hunk's old lines are not there, or more than once
     */
    String apply(String path, String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (Hunk hunk : hunks.getOrDefault(path, List.of())) {
            int at = place(path, lines, hunk.before());
            lines.subList(at, at + hunk.before().size()).clear();
            lines.addAll(at, hunk.after());
        }
        return String.join("\n", lines) + "\n";
    }

    private int place(String path, List<String> lines, List<String> wanted) {
        int found = -1;
        for (int at = 0; at + wanted.size() <= lines.size(); at++) {
            if (lines.subList(at, at + wanted.size()).equals(wanted)) {
                if (found >= 0) {
                    throw new PatchException(
                            name,
                            "it no longer applies to " + path + ": lines " + (found + 1) + " and " + (at + 1)
                                    + " both fit");
                }
                found = at;
            }
        }
        if (found < 0) {
            throw new PatchException(
                    name,
                    "it no longer applies to " + path + ": not found: "
                            + wanted.get(0).strip());
        }
        return found;
    }
}
