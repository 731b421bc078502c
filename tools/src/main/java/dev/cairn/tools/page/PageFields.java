package dev.cairn.tools.page;

import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.StringJoiner;

/** Fields of declared layouts, read from bytes that may be anything. Stateless. */
final class PageFields {

    private PageFields() {}

    /** A field's value, for people; {@code base} is added to the layout's offsets. */
    static String value(ByteBuffer bytes, int base, Layout.Field field) {
        int at = base + field.offset();
        if (at < 0 || at + field.bytes() > bytes.capacity()) {
            return "outside the page";
        }
        return switch (field.kind()) {
            case U8 -> Integer.toString(bytes.get(at) & 0xFF);
            case U16 ->
                field.name().equals("flags") && field.meaning().startsWith("TupleFlags")
                        ? flags(bytes.getShort(at) & 0xFFFF)
                        : Integer.toString(bytes.getShort(at) & 0xFFFF);
            case U32 ->
                field.name().equals("checksum") || field.name().equals("head")
                        ? Integer.toHexString(bytes.getInt(at))
                        : Integer.toUnsignedString(bytes.getInt(at));
            case U48 -> RowIds.format(u48(bytes, at));
            case I32 -> Integer.toString(bytes.getInt(at));
            case I64 -> field.name().endsWith("Lsn") ? Lsn.format(bytes.getLong(at)) : i64(bytes, at, field);
            case BYTES, VARYING -> hex(bytes, at, field.bytes());
        };
    }

    private static String i64(ByteBuffer bytes, int at, Layout.Field field) {
        return field.name().startsWith("databaseId")
                ? Long.toHexString(bytes.getLong(at))
                : Long.toString(bytes.getLong(at));
    }

    static String hex(ByteBuffer bytes, int at, int length) {
        byte[] copy = new byte[length];
        for (int i = 0; i < length; i++) {
            copy[i] = bytes.get(at + i);
        }
        return HexFormat.of().formatHex(copy);
    }

    /** Every flag's name and what it means; unknown bits as a number. */
    static String flags(int flags) {
        StringJoiner names = new StringJoiner(", ");
        names.setEmptyValue("none");
        String[] words = {
            "command is cmax",
            "command is a combo id",
            "updated",
            "frozen",
            "HOT updated",
            "heap only",
            "key updated",
            "updated while locked"
        };
        for (int bit = 0; bit < words.length; bit++) {
            if ((flags & 1 << bit) != 0) {
                names.add(words[bit]);
            }
        }
        if ((flags & ~TupleFlags.ALL) != 0) {
            names.add("unknown bits " + Integer.toHexString(flags & ~TupleFlags.ALL));
        }
        return names.toString();
    }

    private static long u48(ByteBuffer bytes, int at) {
        return (bytes.getShort(at) & 0xFFFFL) | (bytes.getInt(at + 2) & 0xFFFF_FFFFL) << 16;
    }
}
