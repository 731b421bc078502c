package dev.cairn.fuzz.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * What one transaction may see of the others: the state after some commit, not older than what was visible when its
 * statement began, or, for one that keeps its snapshot, its first. Each thing seen narrows down which of them it was.
 */
final class SharedView {

    private final SharedModel model;
    private final int session;
    private final boolean keepsSnapshot;
    /** States that the one snapshot may be; empty before it is taken. */
    private final List<Long> candidates = new ArrayList<>();

    private long oldest = -1;
    private long statementOldest;

    SharedView(SharedModel model, int session, boolean keepsSnapshot) {
        this.model = model;
        this.session = session;
        this.keepsSnapshot = keepsSnapshot;
    }

    boolean keepsSnapshot() {
        return keepsSnapshot;
    }

    void beginStatement() {
        statementOldest = model.visible();
        if (oldest < 0) {
            oldest = statementOldest;
        }
        model.need(session, keepsSnapshot ? oldest : statementOldest);
    }

    void endStatement() {
        if (!keepsSnapshot) {
            model.need(session, Long.MAX_VALUE);
        }
    }

    /** What it works on: a guess to draw from. */
    Rows present(SharedTransaction mine) {
        return mine.over(keepsSnapshot && !candidates.isEmpty() ? model.at(candidates.get(0)) : model.latest());
    }

    /** What is so now that it cannot be changed by others any more: rows that the transaction has locked, say. */
    Rows latest(SharedTransaction mine) {
        return mine.over(model.latest());
    }

    /**
     * Something was seen.
     *
     * @param holds whether it agrees with a state, own changes included
     * @return whether it agrees with any that may be seen
     */
    boolean sees(SharedTransaction mine, Predicate<Rows> holds) {
        return agrees(commit -> holds.test(mine.over(model.at(commit))));
    }

    /**
     * An update or delete has come to its end.
     *
     * @param which what it was to change
     * @param changed the keys of all rows that it has changed
     * @return whether those are what it had to change after any state that may be seen
     */
    boolean changes(SharedTransaction mine, String table, Predicate<Long> which, Set<Long> changed) {
        return agrees(commit -> concerned(mine, table, which, commit).equals(changed));
    }

    /**
     * Each row that is seen, but those that somebody has deleted since, also where he or another has inserted one of the same
     * key: that is a new row, and not seen. Who keeps his snapshot gets an error instead.
     */
    private Set<Long> concerned(SharedTransaction mine, String table, Predicate<Long> which, long commit) {
        Set<Long> keys = new TreeSet<>();
        Rows seen = mine.over(model.at(commit));
        if (seen.has(table)) {
            seen.rowsOf(table).keySet().stream()
                    .filter(which)
                    .filter(key ->
                            keepsSnapshot || mine.hasWritten(table, key) || !model.deletedSince(commit, table, key))
                    .forEach(keys::add);
        }
        return keys;
    }

    private boolean agrees(LongPredicate holds) {
        List<Long> agreeing = new ArrayList<>();
        for (long commit : possible()) {
            if (holds.test(commit)) {
                agreeing.add(commit);
            }
        }
        if (keepsSnapshot && !agreeing.isEmpty()) {
            candidates.clear();
            candidates.addAll(agreeing);
        }
        return !agreeing.isEmpty();
    }

    private List<Long> possible() {
        if (keepsSnapshot && !candidates.isEmpty()) {
            return List.copyOf(candidates);
        }
        List<Long> all = new ArrayList<>();
        for (long commit = keepsSnapshot ? oldest : statementOldest; commit <= model.begun(); commit++) {
            all.add(commit);
        }
        return all;
    }

    /** For messages. */
    Rows oldest(SharedTransaction mine) {
        return mine.over(model.at(possible().get(0)));
    }

    /** Whether this was so at some moment of the statement: tables, indexes and keys are seen as they are, by everybody. */
    boolean wasSo(SharedTransaction mine, Predicate<Rows> holds) {
        for (long commit = statementOldest; commit <= model.begun(); commit++) {
            if (holds.test(mine.over(model.at(commit)))) {
                return true;
            }
        }
        return false;
    }
}
