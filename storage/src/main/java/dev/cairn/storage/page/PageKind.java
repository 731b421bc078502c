package dev.cairn.storage.page;

import org.jspecify.annotations.Nullable;

/** What a page holds. The code is the byte on disk; 0 belongs to no kind, so an all-zero page has none. */
public enum PageKind {
    /** Page 0 of every data file. */
    FILE_HEADER(1),
    /** Row versions. */
    HEAP(2),
    /** States of transactions. */
    STATUS(3),
    /** Index entries. */
    BTREE(4),
    /** Bytes of values that are too large for their rows. */
    OVERFLOW(5);

    private static final @Nullable PageKind[] BY_CODE = byCode();

    private final int code;

    PageKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The kind with this code, null if there is none. */
    public static @Nullable PageKind of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    private static @Nullable PageKind[] byCode() {
        @Nullable PageKind[] kinds = new PageKind[values().length + 1];
        for (PageKind kind : values()) {
            kinds[kind.code] = kind;
        }
        return kinds;
    }
}
