package dev.cairn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.overflow.OverflowReference;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of a row does not depend on the rows before it. */
class RowOffsetsTest {

    private static final Schema TWO_TEXTS = Schema.builder()
            .column("a", ColumnType.TEXT)
            .column("b", ColumnType.TEXT)
            .build();

    private static final Schema MIXED = Schema.builder()
            .column("t", ColumnType.TEXT)
            .column("i", ColumnType.INTEGER)
            .column("n", ColumnType.NUMERIC)
            .column("y", ColumnType.BYTEA)
            .build();

    private final RowOffsets used = new RowOffsets();

    @Test
    void rowsOfOneShapeStandAnywhere() {
        for (int i = 0; i < 5; i++) {
            check(TWO_TEXTS, texts("four", "ninebytes"), 3 * i);
        }
    }

    @Test
    void rowsOfOneLengthWithOtherLengthsOfTheirValues() {
        repeat(TWO_TEXTS, texts("four", "ninebytes"));
        repeat(TWO_TEXTS, texts("ninebytes", "four"));
        repeat(TWO_TEXTS, texts("", "ninebytesfour"));
        repeat(TWO_TEXTS, texts("four", "ninebytes"));
    }

    @Test
    void nullsInRowsOfOneLength() {
        repeat(TWO_TEXTS, texts("four", null));
        repeat(TWO_TEXTS, texts(null, "four"));
        repeat(TWO_TEXTS, texts("on", "e"));
        repeat(TWO_TEXTS, texts(null, "four"));
    }

    @Test
    void largeValuesInRowsOfOneLength() {
        // The bitmap of large values is no value's own byte: here the second one is said to be a reference.
        byte[] changed = new byte[2 + 1 + 1 + 2 + OverflowReference.BYTES];
        changed[0] = 2;
        changed[1] = (byte) (RowCodec.HAS_LARGE >> Byte.SIZE);
        changed[3] = 2;
        changed[4] = 1;
        changed[5] = 'x';
        byte[] other = changed.clone();
        other[3] = 1;
        other[other.length - 2] = 1;
        byte[] plain = texts("x", "y".repeat(changed.length - 6));
        assertEquals(changed.length, plain.length);
        repeat(TWO_TEXTS, plain);
        repeat(TWO_TEXTS, changed);
        repeat(TWO_TEXTS, plain);
        repeat(TWO_TEXTS, changed);
        repeat(TWO_TEXTS, other);
    }

    @Test
    void rowsOfOneLengthBesideEachOther() {
        byte[] one = texts("four", "ninebytes");
        byte[] other = texts("ninebytes", "four");
        byte[] both = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        for (int i = 0; i < 3; i++) {
            used.locate(TWO_TEXTS, both, 0, one.length);
        }
        used.locate(TWO_TEXTS, both, one.length, other.length);
        assertEquals("ninebytes".length(), used.plainBytes(0));
    }

    /** The same bytes, which are a row of either. */
    @Test
    void rowsOfOneLengthOfAnotherSchema() {
        Schema number = Schema.builder()
                .column("a", ColumnType.SMALLINT)
                .column("b", ColumnType.TEXT)
                .build();
        byte[] row = texts("x", "ninebytes");
        repeat(TWO_TEXTS, row);
        repeat(number, row);
        repeat(TWO_TEXTS, row);
    }

    @Test
    void rowsOfASchemaOfMoreColumns() {
        repeat(TWO_TEXTS, texts("four", "ninebytes"));
        Schema.Builder schema = Schema.builder();
        @Nullable Object[] values = new @Nullable Object[40];
        for (int i = 0; i < values.length; i++) {
            schema.column("c" + i, ColumnType.TEXT);
            values[i] = "ninebytes";
        }
        Schema wide = schema.build();
        repeat(wide, RowCodec.encode(wide, values));
    }

    @Test
    void aLengthThatIsWrongIsFoundBehindGoodRows() {
        byte[] good = texts("four", "ninebytes");
        for (int place : new int[] {0, 1, 2, 3, 8}) {
            byte[] bad = good.clone();
            bad[place] ^= 0x04;
            repeat(TWO_TEXTS, good);
            if (place != 2) {
                assertThrows(CorruptionException.class, () -> used.locate(TWO_TEXTS, bad, 0, bad.length));
                assertThrows(CorruptionException.class, () -> used.locate(TWO_TEXTS, bad, 0, bad.length));
            }
            check(TWO_TEXTS, bad, 0);
            check(TWO_TEXTS, good, 0);
        }
    }

    @Test
    void aRowThatIsCutOffOrGoesOnIsFoundBehindAGoodOne() {
        byte[] good = texts("four", "ninebytes");
        for (int length = 0; length <= good.length + 1; length++) {
            repeat(TWO_TEXTS, good);
            if (length != good.length) {
                byte[] other = Arrays.copyOf(good, length);
                assertThrows(CorruptionException.class, () -> used.locate(TWO_TEXTS, other, 0, other.length));
            }
        }
    }

    @Test
    void scalesAreReadWhereTheyStand() {
        for (int i = 0; i < 4; i++) {
            byte[] row = RowCodec.encode(MIXED, new @Nullable Object[] {
                "t", 1, new BigDecimal(i % 2 == 0 ? "1.25" : "12.5"), new byte[2]
            });
            used.locate(MIXED, row, 0, row.length);
            assertEquals(2 - i % 2, used.scale(row, 2));
        }
    }

    @Test
    void asManyMarksAsThereCanBe() {
        int columns = 40;
        Schema.Builder schema = Schema.builder();
        @Nullable Object[] values = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) {
            schema.column("n" + i, ColumnType.NUMERIC);
            values[i] = new BigDecimal("123456789012345678901234567890.12");
        }
        Schema wide = schema.build();
        byte[] plain = RowCodec.encode(wide, values);
        // The same with scale and length in five bytes each, which no writer does and each reader takes.
        byte[] row = new byte[plain.length + 8 * columns];
        int header = 2 + columns / 8;
        int valueBytes = (plain.length - header) / columns - 2;
        System.arraycopy(plain, 0, row, 0, header);
        for (int i = 0, at = header; i < columns; i++, at += 10 + valueBytes) {
            Arrays.fill(row, at, at + 10, (byte) 0x80);
            row[at] = (byte) 0x82;
            row[at + 4] = 0;
            row[at + 5] |= (byte) valueBytes;
            row[at + 9] = 0;
            System.arraycopy(plain, header + i * (2 + valueBytes) + 2, row, at + 10, valueBytes);
        }
        repeat(wide, plain);
        repeat(wide, row);
        used.locate(wide, row, 0, row.length);
        assertEquals(2, used.scale(row, columns - 1));
        row[row.length - valueBytes - 10] ^= 1;
        used.locate(wide, row, 0, row.length);
        assertEquals(3, used.scale(row, columns - 1));
    }

    @Test
    void lengthsOfSeveralBytes() {
        repeat(TWO_TEXTS, texts("x".repeat(3_000_000), "y".repeat(3_000_000)));
        repeat(TWO_TEXTS, texts("x".repeat(3_000_001), "y".repeat(2_999_999)));
    }

    @Test
    void rowsOfAllShapesOneAfterAnother() {
        Random random = new Random(11);
        List<byte[]> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(RowCodec.encode(MIXED, new @Nullable Object[] {
                random.nextInt(4) == 0 ? null : "t".repeat(random.nextInt(4)),
                random.nextInt(4) == 0 ? null : random.nextInt(),
                random.nextInt(4) == 0 ? null : BigDecimal.valueOf(random.nextInt(70_000), random.nextInt(3)),
                random.nextInt(4) == 0 ? null : new byte[random.nextInt(4)]
            }));
        }
        for (int i = 0; i < 60_000; i++) {
            byte[] row = rows.get(random.nextInt(random.nextBoolean() ? 3 : rows.size()))
                    .clone();
            for (int times = random.nextInt(4); times >= 0; times--) {
                check(MIXED, row, random.nextInt(5));
                if (random.nextInt(3) == 0) {
                    row[random.nextInt(row.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
    }

    private static byte[] texts(@Nullable String a, @Nullable String b) {
        return RowCodec.encode(TWO_TEXTS, new @Nullable Object[] {a, b});
    }

    /** The third time it is known by its marks. */
    private void repeat(Schema schema, byte[] row) {
        for (int i = 0; i < 3; i++) {
            check(schema, row, i);
        }
    }

    private void check(Schema schema, byte[] row, int from) {
        byte[] data = new byte[from + row.length + 1];
        Arrays.fill(data, (byte) -1);
        System.arraycopy(row, 0, data, from, row.length);
        assertEquals(
                said(new RowOffsets(), schema, data, from, row.length), said(used, schema, data, from, row.length));
    }

    private static List<Object> said(RowOffsets by, Schema schema, byte[] data, int from, int length) {
        List<Object> all = new ArrayList<>();
        try {
            by.locate(schema, data, from, length);
        } catch (CorruptionException e) {
            all.add(String.valueOf(e.getMessage()));
            return all;
        }
        all.add(by.hasLarge());
        for (int i = 0; i < by.columns(); i++) {
            all.add(by.isNull(i));
            all.add(by.plainBytes(i));
            if (!by.isNull(i)) {
                assertTrue(by.start(i) >= from && by.start(i) <= by.content(i) && by.end(i) <= from + length);
                all.addAll(List.of(by.start(i), by.content(i), by.end(i), by.isLarge(data, i)));
                if (by.plainBytes(i) >= 0) {
                    assertEquals(by.end(i) - by.content(i), by.plainBytes(i));
                }
            }
        }
        return all;
    }
}
