package dev.cairn.storage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LayoutTest {

    private static final Layout HEADER = Layout.named("thing header")
            .i64("lsn", "end of the last record")
            .u32("checksum", "CRC-32C | seeded")
            .u8("kind", "what it is")
            .u16("flags", "bits")
            .i32("count", "signed")
            .u48("forward", "row id")
            .bytes("id", 16, "database id")
            .size(41);

    @Test
    void offsetsAreComputed() {
        assertEquals(0, HEADER.offset("lsn"));
        assertEquals(8, HEADER.offset("checksum"));
        assertEquals(12, HEADER.offset("kind"));
        assertEquals(13, HEADER.offset("flags"));
        assertEquals(15, HEADER.offset("count"));
        assertEquals(19, HEADER.offset("forward"));
        assertEquals(25, HEADER.offset("id"));
        assertEquals(41, HEADER.size());
        assertEquals(16, HEADER.field("id").bytes());
    }

    @Test
    void aLayoutMayFollowAnother() {
        Layout tail = Layout.named("tail")
                .after(HEADER)
                .u8("x", "")
                .varying("rest", "bytes", "")
                .size(1);
        assertEquals(41, tail.start());
        assertEquals(41, tail.offset("x"));
        assertEquals(42, tail.offset("rest"));
        assertEquals(42, tail.end());
    }

    @Test
    void mistakesFailAtDeclaration() {
        assertThrows(
                IllegalStateException.class, () -> Layout.named("a").u8("x", "").size(2));
        assertThrows(
                IllegalStateException.class, () -> Layout.named("a").u8("x", "").u8("x", ""));
        assertThrows(
                IllegalStateException.class,
                () -> Layout.named("a").varying("x", "bytes", "").u8("y", ""));
        assertThrows(
                IllegalStateException.class, () -> Layout.named("a").u8("y", "").after(HEADER));
        assertThrows(IllegalArgumentException.class, () -> Layout.named("a").bytes("y", 0, ""));
        assertThrows(IllegalArgumentException.class, () -> HEADER.offset("nothing"));
    }

    @Property
    void fieldsTouchAndNeverOverlap(@ForAll @Size(max = 40) List<@IntRange(min = 0, max = 6) Integer> kinds) {
        Layout.Builder builder = Layout.named("any");
        int total = 0;
        for (int i = 0; i < kinds.size(); i++) {
            switch (kinds.get(i)) {
                case 0 -> builder.u8("f" + i, "");
                case 1 -> builder.u16("f" + i, "");
                case 2 -> builder.u32("f" + i, "");
                case 3 -> builder.i32("f" + i, "");
                case 4 -> builder.i64("f" + i, "");
                case 5 -> builder.u48("f" + i, "");
                default -> builder.bytes("f" + i, 7, "");
            }
            total += new int[] {1, 2, 4, 4, 8, 6, 7}[kinds.get(i)];
        }
        Layout layout = builder.size(total);
        int at = 0;
        for (Layout.Field field : layout.fields()) {
            assertEquals(at, field.offset());
            at += field.bytes();
        }
        assertEquals(layout.size(), at);
    }

    @Test
    void documentationIsRendered() {
        Layout record = Layout.named("record")
                .after(HEADER)
                .u16("length", "of the name")
                .varying("name", "bytes", "UTF-8")
                .varying("children", "runs", "first | length")
                .size(2);
        assertEquals(
                """
                # On disk

                ## thing header

                All of it.

                | offset | bytes | type | field | meaning |
                |---:|---:|---|---|---|
                | 0 | 8 | i64 | `lsn` | end of the last record |
                | 8 | 4 | u32 | `checksum` | CRC-32C \\| seeded |
                | 12 | 1 | u8 | `kind` | what it is |
                | 13 | 2 | u16 | `flags` | bits |
                | 15 | 4 | i32 | `count` | signed |
                | 19 | 6 | u48 | `forward` | row id |
                | 25 | 16 | bytes(16) | `id` | database id |

                Fixed part: 41 bytes.

                ## record

                | offset | bytes | type | field | meaning |
                |---:|---:|---|---|---|
                | 41 | 2 | u16 | `length` | of the name |
                | 43 | … | bytes | `name` | UTF-8 |
                | … | … | runs | `children` | first \\| length |

                Fixed part: 2 bytes, from 41 to 43.

                ## Notes

                Just text.
                """,
                FormatDoc.render(
                        "On disk",
                        List.of(
                                FormatDoc.Section.of(HEADER, "All of it."),
                                FormatDoc.Section.of(record, ""),
                                new FormatDoc.Section("Notes", "Just text.\n", null))));
    }
}
