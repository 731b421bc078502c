package dev.cairn.tools.page;

import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.format.Layout;
import dev.cairn.storage.heap.HeapPage;
import dev.cairn.storage.heap.TupleHeader;
import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A page in words and drawn to scale. Trusts nothing: what points out of the page is said to, and everything is shown of a page
 * that fails its checks, too. Not thread-safe.
 */
final class PageText {

    private static final int MAP_LINES = 8;
    private static final int MAP_WIDTH = 64;
    private static final int RAW_BYTES = 16;

    private final PageView view;
    private final ByteBuffer bytes;
    private final PageKind kind;
    /** A row's contents, for people. */
    private final Function<byte[], String> rows;
    /** An index key's bytes, as they may be shown. */
    private final UnaryOperator<byte[]> keys;

    private final List<String> lines = new ArrayList<>();

    private PageText(PageView view, Function<byte[], String> rows, UnaryOperator<byte[]> keys) {
        this.view = view;
        this.bytes = view.bytes();
        PageKind found = PageHeader.kind(view.page());
        this.kind = found == null ? PageKind.STATUS : found;
        this.rows = rows;
        this.keys = keys;
    }

    /** Header, map and entries, with the meaning of every flag. */
    static List<String> pretty(PageView view, Function<byte[], String> rows, UnaryOperator<byte[]> keys) {
        PageText text = new PageText(view, rows, keys);
        text.fields();
        text.map();
        text.entries();
        return text.lines;
    }

    /** Every byte in hexadecimal, with the names of the fields that the layout declares. */
    static List<String> raw(PageView view) {
        PageText text = new PageText(view, data -> "", key -> key);
        Layout last = PageHeader.LAYOUT;
        text.rawFields(last);
        Layout second = text.second();
        if (second != null) {
            last = second;
            text.rawFields(second);
        }
        text.rawBytes(last.end());
        return text.lines;
    }

    private void fields() {
        layout(PageHeader.LAYOUT);
        Layout second = second();
        if (second != null) {
            layout(second);
        }
    }

    /** What follows the page header; null if the kind has no more fields. */
    private @Nullable Layout second() {
        return switch (kind) {
            case FILE_HEADER -> FileHeaderPage.LAYOUT;
            case BTREE -> BTreePage.LAYOUT;
            case OVERFLOW -> OverflowPage.LAYOUT;
            case HEAP, STATUS -> null;
        };
    }

    private void layout(Layout layout) {
        for (Layout.Field field : layout.fields()) {
            if (!field.name().equals("spare")) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-16s %-18s %s",
                        field.name(),
                        PageFields.value(bytes, 0, field),
                        field.meaning()));
            }
        }
    }

    /** One character for so many bytes: what stands there, or most of it. */
    private void map() {
        int size = bytes.capacity();
        int scale = Math.max(1, size / (MAP_LINES * MAP_WIDTH));
        char[] kinds = new char[size];
        Arrays.fill(kinds, '.');
        mark(kinds, 0, PageHeader.BYTES, 'H');
        if (kind == PageKind.HEAP || kind == PageKind.BTREE) {
            int lower = PageHeader.lower(view.page());
            int upper = PageHeader.upper(view.page());
            mark(kinds, PageHeader.BYTES, lower, 'p');
            mark(kinds, upper, size, '-');
            for (int slot = 0; kind == PageKind.HEAP && slot < slots(); slot++) {
                mark(kinds, offset(slot), offset(slot) + length(slot), slot % 2 == 0 ? '#' : '%');
            }
        } else {
            Layout second = second();
            mark(kinds, PageHeader.BYTES, (second == null ? FileHeaderPage.LAYOUT : second).end(), 'h');
            if (kind == PageKind.OVERFLOW) {
                mark(kinds, OverflowPage.DATA, PageHeader.lower(view.page()), '#');
            }
        }
        lines.add("  map, " + scale + " bytes" + " a character: H header, p line pointers, . free,"
                + " #% versions in turn, - other");
        for (int from = 0; from < size; from += scale * MAP_WIDTH) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %5d ", from));
            for (int at = from; at < Math.min(size, from + scale * MAP_WIDTH); at += scale) {
                line.append(kinds[at]);
            }
            lines.add(line.toString());
        }
    }

    private static void mark(char[] kinds, int from, int to, char kind) {
        if (from >= 0 && from <= to && to <= kinds.length) {
            Arrays.fill(kinds, from, to, kind);
        }
    }

    private void entries() {
        if (kind == PageKind.HEAP) {
            for (int slot = 0; slot < slots(); slot++) {
                version(slot);
            }
        } else if (kind == PageKind.BTREE) {
            keys();
        }
    }

    private int slots() {
        int lower = Math.min(PageHeader.lower(view.page()), bytes.capacity());
        return Math.max(0, (lower - PageHeader.BYTES) / HeapPage.LINE_POINTER_BYTES);
    }

    private int offset(int slot) {
        return bytes.getShort(PageHeader.BYTES + slot * HeapPage.LINE_POINTER_BYTES) & 0xFFFF;
    }

    private int length(int slot) {
        return bytes.getShort(PageHeader.BYTES + slot * HeapPage.LINE_POINTER_BYTES + HeapPage.LINE_POINTER_BYTES / 2)
                & 0xFFFF;
    }

    private void version(int slot) {
        int at = offset(slot);
        int length = length(slot);
        if (at == 0 && length == 0) {
            lines.add("  slot " + slot + ": unused");
            return;
        }
        if (at == 0) {
            lines.add("  slot " + slot + ": leads to slot " + (length - 1));
            return;
        }
        if (length < TupleHeader.BYTES || at + length > bytes.capacity()) {
            lines.add("  slot " + slot + ": expected a version within the page, found " + length + " bytes at " + at);
            return;
        }
        long base = PageHeader.xidBase(view.page());
        long xmax = field(at, "xmax");
        lines.add(String.format(
                Locale.ROOT,
                "  slot %d at %d, %d bytes: xmin %d, xmax %s, command %s, forward %s, flags: %s",
                slot,
                at,
                length,
                base + field(at, "xmin"),
                xmax == 0 ? "none" : Long.toString(base + xmax),
                PageFields.value(bytes, at, TupleHeader.LAYOUT.field("command")),
                PageFields.value(bytes, at, TupleHeader.LAYOUT.field("forward")),
                PageFields.value(bytes, at, TupleHeader.LAYOUT.field("flags"))));
        byte[] data = new byte[length - TupleHeader.BYTES];
        for (int i = 0; i < data.length; i++) {
            data[i] = bytes.get(at + TupleHeader.BYTES + i);
        }
        lines.add("      " + rows.apply(data));
    }

    private long field(int base, String name) {
        return bytes.getInt(base + TupleHeader.LAYOUT.offset(name)) & 0xFFFF_FFFFL;
    }

    /** Keys are put together from prefix, head and body: of a page that fails its checks they mean nothing. */
    private void keys() {
        if (view.fault() != null) {
            lines.add("  keys are not shown of a page that fails its checks; see --raw");
            return;
        }
        boolean leaf = BTreePage.level(view.page()) == 0;
        for (int slot = 0; slot < BTreePage.count(view.page()); slot++) {
            String key = HexFormat.of().formatHex(keys.apply(BTreePage.key(view.page(), slot)));
            lines.add("  slot " + slot + ": key " + key
                    + (leaf ? "" : ", leads to page " + BTreePage.child(view.page(), slot)));
        }
    }

    private void rawFields(Layout layout) {
        for (Layout.Field field : layout.fields()) {
            if (field.bytes() > 0 && field.offset() + field.bytes() <= bytes.capacity()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%5d  %-32s  %s = %s",
                        field.offset(),
                        PageFields.hex(bytes, field.offset(), field.bytes()),
                        field.name(),
                        PageFields.value(bytes, 0, field)));
            }
        }
    }

    private void rawBytes(int from) {
        for (int at = from; at < bytes.capacity(); at += RAW_BYTES) {
            int length = Math.min(RAW_BYTES, bytes.capacity() - at);
            lines.add(String.format(Locale.ROOT, "%5d  %-32s  %s", at, PageFields.hex(bytes, at, length), name(at)));
        }
    }

    /** What of a heap page begins in these bytes. */
    private String name(int at) {
        if (kind != PageKind.HEAP) {
            return "";
        }
        StringBuilder names = new StringBuilder();
        for (int slot = 0; slot < slots(); slot++) {
            int pointer = PageHeader.BYTES + slot * HeapPage.LINE_POINTER_BYTES;
            if (pointer >= at && pointer < at + RAW_BYTES) {
                names.append(names.length() == 0 ? "" : ", ").append("pointer ").append(slot);
            }
            if (offset(slot) >= at && offset(slot) < at + RAW_BYTES && offset(slot) > 0) {
                names.append(names.length() == 0 ? "" : ", ").append("version ").append(slot);
            }
        }
        return names.toString();
    }
}
