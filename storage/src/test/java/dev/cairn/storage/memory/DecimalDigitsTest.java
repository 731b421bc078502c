package dev.cairn.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The digits are those of {@link BigDecimal#unscaledValue}, however the number came to be. */
class DecimalDigitsTest {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final long ABSENT = -1;

    @Test
    void theDigitsAreThoseOfTheNumber() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            BigInteger unscaled = new BigInteger(random.nextInt(Long.SIZE), random);
            BigDecimal one =
                    new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(40) - 20);
            check(one);
            check(new BigDecimal(one.toString()));
            check(one.stripTrailingZeros());
            check(one.negate());
        }
    }

    @Test
    void digitsThatAreKeptElsewhereAreFoundThere() {
        BigDecimal large = new BigDecimal("1e30").setScale(0);
        check(large.subtract(large.subtract(BigDecimal.TEN)));
        check(large.add(BigDecimal.ONE).add(large.negate()));
        check(BigDecimal.valueOf(Long.MIN_VALUE, 3));
        check(BigDecimal.valueOf(Long.MAX_VALUE, 3));
        check(large);
    }

    private static void check(BigDecimal value) {
        long expected = value.unscaledValue().longValue();
        assertEquals(expected, DecimalDigits.unscaled(value), () -> "of " + value);
        assertEquals(expected, DecimalDigits.unscaled(value, ABSENT), () -> "without the field, of " + value);
    }

    /** Else nothing is wrong but that keys with numerics make garbage. */
    @Test
    void thisJavaHasTheField() {
        assertNotEquals(ABSENT, DecimalDigits.fieldOffset("intCompact"));
    }

    @Test
    void otherFieldsAreNotTakenForIt() {
        assertEquals(ABSENT, DecimalDigits.fieldOffset("noSuchField"));
        assertEquals(ABSENT, DecimalDigits.fieldOffset("scale"));
    }

    @Test
    void nothingIsNoNumber() {
        assertThrows(NullPointerException.class, () -> DecimalDigits.unscaled(null));
    }

    /** Whatever the compiler does. */
    @Test
    void nothingIsMade() {
        BigDecimal value = new BigDecimal("-1234567.89");
        long sum = DecimalDigits.unscaled(value);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            sum += DecimalDigits.unscaled(value);
        }
        assertEquals(before, THREADS.getCurrentThreadAllocatedBytes());
        assertEquals(-123_456_789L * 101, sum);
    }
}
