package dev.cairn.sql.expr;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Arguments of strict routines as what they are. */
final class Arguments {

    private Arguments() {}

    static Object value(@Nullable Object[] arguments, int index) {
        return Objects.requireNonNull(arguments[index]);
    }

    static String text(@Nullable Object[] arguments, int index) {
        return (String) value(arguments, index);
    }

    static int integer(@Nullable Object[] arguments, int index) {
        return (Integer) value(arguments, index);
    }

    static long bigint(@Nullable Object[] arguments, int index) {
        return ((Number) value(arguments, index)).longValue();
    }

    static double real(@Nullable Object[] arguments, int index) {
        return (Double) value(arguments, index);
    }

    static BigDecimal decimal(@Nullable Object[] arguments, int index) {
        return (BigDecimal) value(arguments, index);
    }

    static byte[] bytes(@Nullable Object[] arguments, int index) {
        return (byte[]) value(arguments, index);
    }
}
