package dev.cairn.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** What is printed reads back as the same value, and text orders as its bytes do. */
class TextProperties {

    private static Object reread(SqlType type, Object value) {
        return TextInput.parse(type, TextOutput.ofCast(type, value), Instant.EPOCH);
    }

    @Property
    void doublesRoundTripInAsFewDigitsAsJavaNeeds(@ForAll double value) {
        String text = TextOutput.of(SqlType.DOUBLE, value);
        assertEquals(value, (Double) reread(SqlType.DOUBLE, value));
        int digits = new BigDecimal(text)
                .unscaledValue()
                .abs()
                .toString()
                .replaceAll("0+$", "")
                .length();
        assertTrue(digits <= 17, text);
    }

    @Property
    void timestampsRoundTrip(@ForAll @LongRange(min = -60_000_000_000L, max = 200_000_000_000L) long seconds) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(seconds, (int) (Math.abs(seconds) % 1_000_000) * 1000, ZoneOffset.UTC);
        assertEquals(time, reread(SqlType.TIMESTAMP, time));
        assertEquals(time.toLocalDate(), reread(SqlType.DATE, time.toLocalDate()));
    }

    @Property
    void bytesRoundTrip(@ForAll byte[] bytes) {
        assertTrue(Arrays.equals(bytes, (byte[]) reread(SqlType.BYTEA, bytes)));
    }

    @Property
    void intervalsRoundTrip(@ForAll short months, @ForAll short days, @ForAll int micros) {
        Interval interval = new Interval(months, days, micros);
        assertEquals(interval, reread(SqlType.INTERVAL, interval));
    }

    @Property
    void textOrdersByItsBytes(@ForAll String a, @ForAll String b) {
        int bytes = Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
        boolean valid = a.equals(new String(a.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                && b.equals(new String(b.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        if (valid) {
            assertEquals(Integer.signum(bytes), Integer.signum(Comparisons.compare(a, b)));
        }
    }
}
