package dev.cairn.sql.expr;

import dev.cairn.sql.type.Coercions;
import dev.cairn.sql.type.Coercions.Context;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.SqlType.Category;
import dev.cairn.sql.type.SqlType.Kind;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The choice among operators or functions of one name by the types of the arguments, as PostgreSQL makes it (chapter 10 of its
 * manual, "Type Conversion").
 */
public final class Overloads {

    private Overloads() {}

    /** For an operator between two: an unknown literal is first taken for the other side's type. */
    public static @Nullable Routine operator(List<Routine> candidates, SqlType left, SqlType right) {
        boolean leftUnknown = left.is(Kind.UNKNOWN);
        if (leftUnknown != right.is(Kind.UNKNOWN)) {
            Kind known = leftUnknown ? right.kind() : left.kind();
            for (Routine candidate : candidates) {
                if (candidate.parameters().size() == 2
                        && candidate.parameter(0).is(known)
                        && candidate.parameter(1).is(known)) {
                    return candidate;
                }
            }
        }
        return choose(candidates, List.of(left, right));
    }

    /**
     * The best candidate, or null if none fits.
     *
     * @throws dev.cairn.storage.base.TransactionException 42725 if several fit equally well
     */
    public static @Nullable Routine choose(List<Routine> candidates, List<SqlType> arguments) {
        List<Routine> fitting = new ArrayList<>();
        for (Routine candidate : candidates) {
            if (fits(candidate, arguments)) {
                fitting.add(candidate);
            }
        }
        for (Routine candidate : fitting) {
            if (count(candidate, arguments, (want, have) -> want.is(have.kind())) == arguments.size()) {
                return candidate;
            }
        }
        if (fitting.size() <= 1) {
            return fitting.isEmpty() ? null : fitting.get(0);
        }
        List<Routine> best = keepBest(
                fitting,
                candidate -> count(
                        candidate,
                        arguments,
                        (want, have) -> !have.is(Kind.UNKNOWN)
                                && (want.is(have.kind()) || (have.is(Kind.VARCHAR) && want.is(Kind.TEXT)))));
        if (best.size() > 1) {
            best = keepBest(
                    best,
                    candidate -> count(
                            candidate,
                            arguments,
                            (want, have) -> !have.is(Kind.UNKNOWN)
                                    && (want.is(have.kind())
                                            || (want.kind().isPreferred()
                                                    && want.kind().category()
                                                            == have.kind().category()))));
        }
        if (best.size() > 1) {
            best = byUnknowns(best, arguments);
        }
        if (best.size() > 1) {
            best = byKnownType(best, arguments);
        }
        if (best.size() > 1) {
            throw SqlErrors.of(
                    SqlState.AMBIGUOUS_FUNCTION,
                    best.get(0).name() + " is not unique for " + arguments + ": add explicit type casts");
        }
        return best.get(0);
    }

    private static boolean fits(Routine candidate, List<SqlType> arguments) {
        if (!candidate.takes(arguments.size())) {
            return false;
        }
        for (int i = 0; i < arguments.size(); i++) {
            Kind have = arguments.get(i).kind();
            Kind want = candidate.parameter(i).kind();
            if (want != Kind.UNKNOWN && !Coercions.allowed(have, want, Context.IMPLICIT)) {
                return false;
            }
        }
        return true;
    }

    /** Compares the type a candidate wants with the one it is given. */
    private interface Match {
        boolean test(SqlType want, SqlType have);
    }

    private static int count(Routine candidate, List<SqlType> arguments, Match match) {
        int count = 0;
        for (int i = 0; i < arguments.size(); i++) {
            count += match.test(candidate.parameter(i), arguments.get(i)) ? 1 : 0;
        }
        return count;
    }

    private static List<Routine> keepBest(List<Routine> candidates, ToIntFunction<Routine> score) {
        int best = candidates.stream().mapToInt(score).max().orElse(0);
        return candidates.stream()
                .filter(candidate -> score.applyAsInt(candidate) == best)
                .toList();
    }

    /** Unknown literals are strings if any candidate takes one there, else of the category all candidates agree on. */
    private static List<Routine> byUnknowns(List<Routine> candidates, List<SqlType> arguments) {
        List<Routine> left = candidates;
        for (int i = 0; i < arguments.size(); i++) {
            if (!arguments.get(i).is(Kind.UNKNOWN)) {
                continue;
            }
            Set<Category> categories = new HashSet<>();
            boolean preferred = false;
            for (Routine candidate : candidates) {
                categories.add(candidate.parameter(i).kind().category());
            }
            Category chosen = categories.contains(Category.STRING) ? Category.STRING : only(categories);
            if (chosen == null) {
                return candidates;
            }
            for (Routine candidate : candidates) {
                Kind kind = candidate.parameter(i).kind();
                preferred |= kind.category() == chosen && kind.isPreferred();
            }
            int position = i;
            boolean onlyPreferred = preferred;
            List<Routine> kept = left.stream()
                    .filter(candidate -> {
                        Kind kind = candidate.parameter(position).kind();
                        return kind.category() == chosen && (!onlyPreferred || kind.isPreferred());
                    })
                    .toList();
            left = kept.isEmpty() ? left : kept;
        }
        return left;
    }

    private static @Nullable Category only(Set<Category> categories) {
        return categories.size() == 1 ? categories.iterator().next() : null;
    }

    private static List<Routine> byKnownType(List<Routine> candidates, List<SqlType> arguments) {
        Set<Kind> known = new HashSet<>();
        arguments.forEach(type -> {
            if (!type.is(Kind.UNKNOWN)) {
                known.add(type.kind());
            }
        });
        if (known.size() != 1) {
            return candidates;
        }
        List<SqlType> assumed = arguments.stream()
                .map(type -> type.is(Kind.UNKNOWN) ? SqlType.of(known.iterator().next()) : type)
                .toList();
        List<Routine> kept = candidates.stream()
                .filter(candidate -> fits(candidate, assumed))
                .toList();
        return kept.size() == 1 ? kept : candidates;
    }
}
