package dev.cairn.fuzz.api;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of a database at the moment of a crash: a prefix of all commits has survived, and it includes the certain ones.
 * Immutable.
 *
 * @param <N> see {@link CrashWorkload}
 */
public final class Acknowledged<N> {

    /**
     * A transaction that was committed, or whose commit had at least begun.
     *
     * @param number counts from 1, in the order of commits
     * @param notes what its steps returned, in order, without those that were rolled back
     */
    public record Commit<N>(long number, List<N> notes) {}

    private final List<Commit<N>> commits;
    private final int certain;

    Acknowledged(List<Commit<N>> commits, int certain) {
        this.commits = List.copyOf(commits);
        this.certain = certain;
    }

    /** The commits that must have survived, as they were acknowledged as durable against such a crash. */
    public List<Commit<N>> certain() {
        return commits.subList(0, certain);
    }

    /** The commits after those; none of them, all or the first few may have survived, each as a whole. */
    public List<Commit<N>> possible() {
        return commits.subList(certain, commits.size());
    }

    /** All notes of the commits that must have survived. */
    public List<N> notes() {
        return notes(certain);
    }

    /** The notes of every legal outcome: first of the certain commits alone, then with each possible one more. */
    public List<List<N>> outcomes() {
        List<List<N>> outcomes = new ArrayList<>();
        for (int survived = certain; survived <= commits.size(); survived++) {
            outcomes.add(notes(survived));
        }
        return outcomes;
    }

    private List<N> notes(int survived) {
        return commits.subList(0, survived).stream()
                .flatMap(commit -> commit.notes().stream())
                .toList();
    }

    @Override
    public String toString() {
        return "certain " + certain() + ", possible " + possible();
    }
}
