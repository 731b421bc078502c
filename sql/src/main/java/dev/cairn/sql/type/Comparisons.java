package dev.cairn.sql.type;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Order and equality of values of one type: text by code point, bytes unsigned, NaN above all, numerics by value. */
public final class Comparisons {

    private Comparisons() {}

    /** Negative, zero or positive. Both values have the same class. */
    @SuppressWarnings("unchecked")
    public static int compare(Object a, Object b) {
        if (a instanceof String s) {
            return compareText(s, (String) b);
        }
        if (a instanceof byte[] bytes) {
            return Arrays.compareUnsigned(bytes, (byte[]) b);
        }
        if (a instanceof Double d) {
            return compareDouble(d, (Double) b);
        }
        if (a instanceof RowValue row) {
            return compareRows(row, (RowValue) b);
        }
        return ((Comparable<Object>) a).compareTo(b);
    }

    /** By code point, which is the order of the UTF-8 bytes. */
    private static int compareText(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int compareDouble(double a, double b) {
        if (a == b) {
            return 0;
        }
        return Double.compare(a, b);
    }

    private static int compareRows(RowValue a, RowValue b) {
        for (int i = 0; i < Math.min(a.values().length, b.values().length); i++) {
            Object x = a.values()[i];
            Object y = b.values()[i];
            int order = x == null || y == null ? Boolean.compare(x == null, y == null) : compare(x, y);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.values().length, b.values().length);
    }

    /** Whether two values are not distinct: both null, or equal. */
    public static boolean same(@Nullable Object a, @Nullable Object b) {
        return (a == null || b == null) ? a == b : compare(a, b) == 0;
    }

    public static boolean sameRow(@Nullable Object[] a, @Nullable Object[] b) {
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < a.length; i++) {
            if (!same(a[i], b[i])) {
                return false;
            }
        }
        return true;
    }

    /** A hash that agrees with {@link #sameRow}. */
    public static int hash(@Nullable Object[] values) {
        int hash = 1;
        for (Object value : values) {
            hash = 31 * hash + hash(value);
        }
        return hash;
    }

    private static int hash(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof BigDecimal number) {
            return number.signum() == 0 ? 0 : number.stripTrailingZeros().hashCode();
        }
        if (value instanceof byte[] bytes) {
            return Arrays.hashCode(bytes);
        }
        if (value instanceof Double d) {
            return d == 0 ? 0 : d.hashCode();
        }
        if (value instanceof Interval interval) {
            return interval.length().hashCode();
        }
        return value.hashCode();
    }

    /** A row as a key of hash tables, by {@link #sameRow}. */
    public record Key(@Nullable Object[] values) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && sameRow(values, that.values);
        }

        @Override
        public int hashCode() {
            return Comparisons.hash(values);
        }
    }
}
