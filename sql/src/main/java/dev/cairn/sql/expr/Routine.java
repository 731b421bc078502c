package dev.cairn.sql.expr;

import dev.cairn.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator or function of certain argument types. Compared by identity.
 *
 * @param parameters types of arguments; the last repeats if variadic
 * @param strict whether a null argument makes the result null, without asking the body
 * @param immutable whether the same arguments always give the same result
 */
public record Routine(
        String name,
        List<SqlType> parameters,
        SqlType result,
        boolean strict,
        boolean immutable,
        boolean variadic,
        Body body) {

    /** Computes a result; arguments are null only if the routine is not strict. */
    @FunctionalInterface
    public interface Body {
        @Nullable Object apply(@Nullable Object[] arguments, Evaluation evaluation);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** The type of the argument at a position. */
    SqlType parameter(int index) {
        return parameters.get(Math.min(index, parameters.size() - 1));
    }

    boolean takes(int arguments) {
        return variadic ? arguments >= parameters.size() : arguments == parameters.size();
    }
}
