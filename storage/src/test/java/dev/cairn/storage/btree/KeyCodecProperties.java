package dev.cairn.storage.btree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The order of keys is the order of the values they were made of. */
class KeyCodecProperties {

    /** How one type is drawn, put and compared. */
    private record Type<T>(Arbitrary<T> values, BiConsumer<KeyCodec, T> put, Comparator<T> order) {

        Arbitrary<Pair> pairs() {
            Arbitrary<@Nullable T> some = values.injectNull(0.1);
            Arbitrary<Boolean> bit = Arbitraries.of(true, false);
            return Combinators.combine(some, some, bit, bit).as(this::pair);
        }

        private Pair pair(@Nullable T a, @Nullable T b, boolean nullsFirst, boolean descending) {
            return new Pair(
                    String.valueOf(a) + " " + b + (nullsFirst ? " nulls first" : "") + (descending ? " desc" : ""),
                    key(a, nullsFirst, descending),
                    key(b, nullsFirst, descending),
                    compare(a, b, nullsFirst, descending));
        }

        private byte[] key(@Nullable T value, boolean nullsFirst, boolean descending) {
            KeyCodec codec = new KeyCodec();
            if (value == null) {
                return codec.putNull(nullsFirst).toBytes();
            }
            put.accept(codec.beginValue(true, descending), value);
            return codec.toBytes();
        }

        private int compare(@Nullable T a, @Nullable T b, boolean nullsFirst, boolean descending) {
            if (a == null || b == null) {
                int nulls = Boolean.compare(a == null, b == null);
                return nullsFirst ? -nulls : nulls;
            }
            return descending ? order.compare(b, a) : order.compare(a, b);
        }
    }

    /** Two keys and the order of what they stand for. */
    record Pair(String text, byte[] a, byte[] b, int order) {
        @Override
        public String toString() {
            return text + " -> " + Arrays.toString(a) + " " + Arrays.toString(b);
        }
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('\u0001', 'a', 'b', '\u00e9', '\u20ac')
                .ofMaxLength(5);
    }

    private static Arbitrary<byte[]> bytes() {
        return Arbitraries.of((byte) 0, (byte) 1, (byte) 127, (byte) -1)
                .array(byte[].class)
                .ofMaxSize(5);
    }

    private static Arbitrary<BigDecimal> numbers() {
        Arbitrary<BigDecimal> small = Combinators.combine(
                        Arbitraries.integers().between(-1200, 1200),
                        Arbitraries.integers().between(-3, 4))
                .as((n, scale) -> new BigDecimal(BigInteger.valueOf(n), scale));
        Arbitrary<BigDecimal> large = Combinators.combine(
                        Arbitraries.bigIntegers(), Arbitraries.integers().between(-300, 300))
                .as(BigDecimal::new);
        return Arbitraries.oneOf(small, large);
    }

    @Provide
    Arbitrary<Pair> pairs() {
        return Arbitraries.oneOf(
                new Type<>(Arbitraries.longs(), KeyCodec::putLong, Comparator.naturalOrder()).pairs(),
                new Type<>(Arbitraries.integers(), KeyCodec::putInt, Comparator.naturalOrder()).pairs(),
                new Type<>(Arbitraries.shorts(), KeyCodec::putShort, Comparator.naturalOrder()).pairs(),
                new Type<>(Arbitraries.of(true, false), KeyCodec::putBoolean, Comparator.naturalOrder()).pairs(),
                new Type<>(
                                Arbitraries.oneOf(
                                        Arbitraries.doubles(),
                                        Arbitraries.of(
                                                0.0,
                                                -0.0,
                                                Double.NaN,
                                                Double.NEGATIVE_INFINITY,
                                                Double.POSITIVE_INFINITY,
                                                Double.MIN_VALUE)),
                                KeyCodec::putDouble,
                                (a, b) -> a.doubleValue() == b.doubleValue() ? 0 : Double.compare(a, b))
                        .pairs(),
                new Type<>(texts(), KeyCodec::putText, KeyCodecProperties::byCodePoint).pairs(),
                new Type<>(bytes(), KeyCodec::putBytes, Arrays::compareUnsigned).pairs(),
                new Type<>(numbers(), KeyCodec::putNumeric, Comparator.naturalOrder()).pairs());
    }

    private static int byCodePoint(String a, String b) {
        return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }

    @Property(tries = 4000)
    void aKeySortsAsItsValue(@ForAll("pairs") Pair pair) {
        assertEquals(Integer.signum(pair.order), Integer.signum(KeyBytes.compare(pair.a, pair.b)), pair.toString());
    }

    @Property(tries = 4000)
    void noKeyIsThePrefixOfAnother(@ForAll("pairs") Pair pair) {
        if (pair.order != 0) {
            assertFalse(KeyBytes.startsWith(pair.a, pair.b));
            assertFalse(KeyBytes.startsWith(pair.b, pair.a));
        }
    }

    /** The documented bytes, made of the digits as text: those of few digits, which fit a long, and of more are the same. */
    @Property(tries = 4000)
    void aNumericsKeyIsAsDescribed(@ForAll("numerics") BigDecimal value, @ForAll boolean descending) {
        byte[] described = described(value);
        for (int i = 0; descending && i < described.length; i++) {
            described[i] = (byte) ~described[i];
        }
        byte[] key =
                new KeyCodec().beginValue(false, descending).putNumeric(value).toBytes();
        assertEquals(Arrays.toString(described), Arrays.toString(key), value.toString());
        BigInteger unscaled = value.unscaledValue();
        if (unscaled.bitLength() < Long.SIZE) {
            KeyCodec ofLong = new KeyCodec().beginValue(false, descending);
            ofLong.putNumeric(unscaled.longValue(), value.scale()).putBoolean(true);
            byte[] followed = join(described, new byte[] {(byte) (descending ? 0xFE : 1)});
            assertEquals(Arrays.toString(followed), Arrays.toString(ofLong.toBytes()), value.toString());
        }
    }

    @Provide
    Arbitrary<BigDecimal> numerics() {
        Arbitrary<BigDecimal> longs = Combinators.combine(
                        Arbitraries.longs(), Arbitraries.integers().between(0, 18))
                .as((n, drop) -> BigDecimal.valueOf(n / (long) Math.pow(10, drop), drop));
        Arbitrary<BigDecimal> edges = Combinators.combine(
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.integers().between(-1, 1),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(-20, 20))
                .as((power, by, negative, scale) -> {
                    BigInteger near = BigInteger.TEN.pow(power).add(BigInteger.valueOf(by));
                    return new BigDecimal(negative ? near.negate() : near, scale);
                });
        return Arbitraries.oneOf(
                numbers(),
                longs,
                edges,
                Arbitraries.of(BigDecimal.valueOf(Long.MIN_VALUE), BigDecimal.valueOf(Long.MAX_VALUE)));
    }

    private static byte[] described(BigDecimal value) {
        if (value.signum() == 0) {
            return new byte[] {1};
        }
        String digits = value.unscaledValue().abs().toString();
        int exponent = digits.length() - value.scale();
        digits = digits.replaceAll("0+$", "");
        digits = digits.length() % 2 == 0 ? digits : digits + "0";
        ByteBuffer bytes = ByteBuffer.allocate(1 + Integer.BYTES + digits.length() / 2 + 1);
        bytes.put((byte) (value.signum() > 0 ? 2 : 0)).putInt(exponent ^ Integer.MIN_VALUE);
        for (int i = 0; i < digits.length(); i += 2) {
            bytes.put((byte) (Integer.parseInt(digits.substring(i, i + 2)) + 1));
        }
        byte[] all = bytes.array();
        for (int i = 1; value.signum() < 0 && i < all.length; i++) {
            all[i] = (byte) ~all[i];
        }
        return all;
    }

    @Property(tries = 1000)
    void ofTwoColumnsTheFirstDecidesThenTheSecond(@ForAll("pairs") Pair first, @ForAll("pairs") Pair second) {
        int order = first.order != 0 ? first.order : second.order;
        assertEquals(
                Integer.signum(order),
                Integer.signum(KeyBytes.compare(join(first.a, second.a), join(first.b, second.b))));
    }

    @Property(tries = 1000)
    void theSeparatorPartsTwoKeys(@ForAll("pairs") Pair pair) {
        if (pair.order == 0) {
            return;
        }
        byte[] left = pair.order < 0 ? pair.a : pair.b;
        byte[] right = pair.order < 0 ? pair.b : pair.a;
        byte[] separator = KeyBytes.separator(left, right);
        assertTrue(KeyBytes.compare(left, separator) < 0);
        assertTrue(KeyBytes.compare(separator, right) <= 0);
        byte[] shorter = Arrays.copyOf(separator, separator.length - 1);
        assertTrue(KeyBytes.compare(left, shorter) >= 0, "no shorter one would do");
    }

    @Property(tries = 1000)
    void afterAPrefixComesTheFirstKeyThatHasItNot(@ForAll byte[] prefix, @ForAll byte[] key) {
        byte[] after = KeyBytes.afterPrefix(prefix);
        boolean inside = KeyBytes.compare(prefix, key) <= 0 && (after == null || KeyBytes.compare(key, after) < 0);
        assertEquals(KeyBytes.startsWith(key, prefix), inside);
    }

    @Property
    void aRowIdComesBack(@ForAll byte[] key, @ForAll long rowId) {
        long id = rowId & 0xFFFF_FFFF_FFFFL;
        byte[] whole = join(key, new KeyCodec().putRowId(id).toBytes());
        assertEquals(id, KeyCodec.rowIdOf(whole));
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
