package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows as the heap stores them.
 *
 * <pre>
 *   u16 columns | null bitmap, ceil(columns / 8) bytes, bit set = null | values that are not null, in order
 *   columns + 2^15: behind the null bitmap comes another one, bit set = an OverflowReference stands for the value
 *   bigint 8, integer 4, smallint 2, double 8, boolean 1, date 4 (days since 1970), timestamp 8 (microseconds since 1970)
 *   text, bytea:  varint length, bytes        numeric:  varint scale, varint length, unscaled two's complement
 * </pre>
 *
 * All numbers little-endian; varints are unsigned LEB128 of at most 5 bytes. Stateless.
 */
final class RowCodec {

    /** Beyond this the microseconds no longer fit 64 bits. */
    static final int MAX_TIMESTAMP_YEAR = 290_000;

    /** In the number of columns: there are large values, and a bitmap that tells which. */
    static final int HAS_LARGE = 1 << 15;

    /** Bits of a varint's bytes, and all bits of the longest. */
    static final int VARINT_STEP = 7;

    static final int VARINT_BITS = 5 * VARINT_STEP;

    /** For rows that are read past their table, whose large values are only referred to. */
    static final Function<OverflowReference, byte @Nullable []> NO_SOURCE = reference -> {
        throw new IllegalStateException("the row was read without its large values: " + reference);
    };

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private RowCodec() {}

    /** The values must have been coerced to the schema's types; those on overflow pages stand as {@link LargeValue}s. */
    static byte[] encode(Schema schema, @Nullable Object[] values) {
        RowBuilder row = new RowBuilder(schema).setAll(values);
        int length = row.encode();
        return Arrays.copyOf(row.bytes(), length);
    }

    static long longAt(byte[] data, int at) {
        return (long) LONG.get(data, at);
    }

    static int intAt(byte[] data, int at) {
        return (int) INT.get(data, at);
    }

    static short shortAt(byte[] data, int at) {
        return (short) SHORT.get(data, at);
    }

    /** Bytes that a row takes but for its values. */
    static int overhead(int columns) {
        return 2 + 2 * ((columns + 7) / 8);
    }

    /**
     * The values of a row without large ones.
     *
     * @throws CorruptionException if the bytes are no row of this schema
     */
    static @Nullable Object[] decode(Schema schema, byte[] data) {
        return decode(schema, data, NO_SOURCE);
    }

    /**
     * The values of a row; large ones as {@link LargeValue}s.
     *
     * @param source reads large values when they are asked for; gives null for one that has gone
     * @throws CorruptionException if the bytes are no row of this schema
     */
    static @Nullable Object[] decode(
            Schema schema, byte[] data, Function<OverflowReference, byte @Nullable []> source) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int count = in.getShort() & 0xFFFF;
            int stored = count & ~HAS_LARGE;
            List<Column> columns = schema.columns();
            if (stored != columns.size()) {
                throw new CorruptionException("a row has " + stored + " columns, its table has " + columns.size());
            }
            int bitmap = in.position();
            int large = bitmap + (stored + 7) / 8;
            boolean hasLarge = (count & HAS_LARGE) != 0;
            in.position(hasLarge ? large + (stored + 7) / 8 : large);
            @Nullable Object[] values = new @Nullable Object[stored];
            for (int i = 0; i < stored; i++) {
                ColumnType.Kind kind = columns.get(i).type().kind();
                if (isSet(data, bitmap, i)) {
                    continue;
                }
                values[i] = hasLarge && isSet(data, large, i)
                        ? new LargeValue(reference(in, kind), kind, source)
                        : get(in, kind);
            }
            if (in.hasRemaining()) {
                throw new CorruptionException("a row of " + data.length + " bytes ends after " + in.position());
            }
            return values;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new CorruptionException("a row of " + data.length + " bytes is cut off at " + in.position(), e);
        } catch (DateTimeException | ArithmeticException e) {
            throw new CorruptionException("a row holds a value that there is not: " + e.getMessage(), e);
        }
    }

    static boolean isSet(byte[] data, int bitmap, int i) {
        return (data[bitmap + (i >> 3)] >> (i & 7) & 1) != 0;
    }

    /** Bytes of every value of a kind; -1 if each says its own. */
    static int fixedBytes(ColumnType.Kind kind) {
        return switch (kind) {
            case BIGINT, DOUBLE, TIMESTAMP -> Long.BYTES;
            case INTEGER, DATE -> Integer.BYTES;
            case SMALLINT -> Short.BYTES;
            case BOOLEAN -> 1;
            case TEXT, BYTEA, NUMERIC -> -1;
        };
    }

    /**
     * One value, of the bytes that {@link RowOffsets} has found to be its own.
     *
     * @throws CorruptionException if the bytes are no such value
     */
    static Object value(ColumnType.Kind kind, byte[] data, int from, int to) {
        try {
            return get(ByteBuffer.wrap(data, from, to - from).order(ByteOrder.LITTLE_ENDIAN), kind);
        } catch (BufferUnderflowException | DateTimeException | ArithmeticException e) {
            throw new CorruptionException("a row holds a value that there is not: " + e.getMessage(), e);
        }
    }

    /** Refers to a large value, of the bytes that {@link RowOffsets} has found. */
    static OverflowReference reference(byte[] data, int from) {
        return OverflowReference.get(
                ByteBuffer.wrap(data, from, OverflowReference.BYTES).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static OverflowReference reference(ByteBuffer in, ColumnType.Kind kind) {
        if (kind != ColumnType.Kind.TEXT && kind != ColumnType.Kind.BYTEA) {
            throw new CorruptionException("expected a text or byte array on overflow pages, found a " + kind);
        }
        return OverflowReference.get(in);
    }

    private static Object get(ByteBuffer in, ColumnType.Kind kind) {
        return switch (kind) {
            case BIGINT -> in.getLong();
            case INTEGER -> in.getInt();
            case SMALLINT -> in.getShort();
            case DOUBLE -> in.getDouble();
            case BOOLEAN -> in.get() != 0;
            case TEXT -> text(in);
            case BYTEA -> bytes(in);
            case NUMERIC -> numeric(in);
            case DATE -> LocalDate.ofEpochDay(in.getInt());
            case TIMESTAMP -> timestamp(in.getLong());
        };
    }

    private static String text(ByteBuffer in) {
        byte[] utf8 = bytes(in);
        for (byte b : utf8) {
            if (b == 0) {
                throw new CorruptionException("a text with the character U+0000");
            }
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[length(in)];
        in.get(bytes);
        return bytes;
    }

    private static BigDecimal numeric(ByteBuffer in) {
        int scale = varint(in);
        byte[] unscaled = bytes(in);
        if (unscaled.length == 0) {
            throw new CorruptionException("a numeric without digits");
        }
        return new BigDecimal(new BigInteger(unscaled), scale);
    }

    private static LocalDateTime timestamp(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1000, ZoneOffset.UTC);
    }

    private static int length(ByteBuffer in) {
        int length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new CorruptionException("a value of " + length + " bytes where " + in.remaining() + " are left");
        }
        return length;
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < VARINT_BITS; shift += VARINT_STEP) {
            int next = in.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new CorruptionException("a length of more than 5 bytes");
    }
}
