package dev.cairn.storage.memory;

import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.util.Objects;
import net.openhft.chronicle.core.UnsafeMemory;

/**
 * The digits of a decimal number as a long. A {@link BigDecimal} keeps up to 18 of them so, but none of its methods gives them without
 * making an object, and whether the compiler does away with that one depends on what ran before. So they are read from the field's
 * offset, which needs no JVM flag; where there is no such field, the object is made.
 */
public final class DecimalDigits {

    /** What the field holds of a number whose digits are kept elsewhere. */
    private static final long ELSEWHERE = Long.MIN_VALUE;

    private static final long ABSENT = -1;
    private static final long PROBE = -123_456_789_012_345_678L;
    private static final long FIELD = fieldOffset("intCompact");

    private DecimalDigits() {}

    /** The number without its point, with its sign; of a number that does not fit a long, the low 64 bits. */
    public static long unscaled(BigDecimal value) {
        return unscaled(value, FIELD);
    }

    static long unscaled(BigDecimal value, long field) {
        // Memory is read at the offset whatever is there.
        Objects.requireNonNull(value);
        long digits = field == ABSENT ? ELSEWHERE : UnsafeMemory.unsafeGetLong(value, field);
        return digits == ELSEWHERE ? value.unscaledValue().longValue() : digits;
    }

    /** Where the digits are, if the field of this name has them. */
    static long fieldOffset(String name) {
        try {
            Field field = BigDecimal.class.getDeclaredField(name);
            long offset = field.getType() == long.class ? UnsafeMemory.unsafeObjectFieldOffset(field) : ABSENT;
            boolean is = unscaled(BigDecimal.valueOf(PROBE, 1), offset) == PROBE
                    && unscaled(BigDecimal.valueOf(Long.MIN_VALUE, 1), offset) == Long.MIN_VALUE;
            return is ? offset : ABSENT;
        } catch (NoSuchFieldException e) {
            return ABSENT;
        }
    }
}
