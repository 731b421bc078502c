package dev.cairn.storage.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one on-disk structure, declared once: code takes its offsets from here, and {@link FormatDoc} renders the
 * documentation from here. Little-endian, no gaps, no alignment. Immutable; made by {@link #named}.
 */
public final class Layout {

    private final String name;
    private final int start;
    private final List<Field> fields;
    private final Map<String, Field> byName;
    private final int end;

    private Layout(Builder builder) {
        this.name = builder.name;
        this.start = builder.start;
        this.fields = List.copyOf(builder.fields);
        this.byName = new LinkedHashMap<>(builder.byName);
        this.end = builder.at;
    }

    public static Builder named(String name) {
        return new Builder(name);
    }

    public String name() {
        return name;
    }

    /** The offset of the first field: 0 unless {@link Builder#after} said otherwise. */
    public int start() {
        return start;
    }

    /** The offset behind the last field of fixed size. */
    public int end() {
        return end;
    }

    /** Bytes of the fixed part. */
    public int size() {
        return end - start;
    }

    public List<Field> fields() {
        return fields;
    }

    /** @throws IllegalArgumentException if there is no such field */
    public Field field(String fieldName) {
        Field field = byName.get(fieldName);
        if (field == null) {
            throw new IllegalArgumentException(name + " has no field " + fieldName);
        }
        return field;
    }

    /** Bytes from the structure's beginning. */
    public int offset(String fieldName) {
        return field(fieldName).offset();
    }

    /** What a field holds. */
    public enum Kind {
        U8(1),
        U16(2),
        U32(4),
        U48(6),
        I32(4),
        I64(8),
        BYTES(0),
        VARYING(0);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * One field.
     *
     * @param offset bytes from the structure's beginning; for a varying field that of the first one
     * @param bytes its length; 0 for a varying field
     * @param type as documented: {@code u16}, {@code bytes(16)}
     */
    public record Field(String name, Kind kind, int offset, int bytes, String type, String meaning) {}

    /** Collects fields in the order of their bytes. */
    public static final class Builder {
        private final String name;
        private final List<Field> fields = new ArrayList<>();
        private final Map<String, Field> byName = new LinkedHashMap<>();
        private int start;
        private int at;
        private boolean varying;

        private Builder(String name) {
            this.name = name;
        }

        /** Lets this structure begin where that one ends. To be called before any field. */
        public Builder after(Layout before) {
            if (!fields.isEmpty()) {
                throw new IllegalStateException(name + ": after() comes before the fields");
            }
            start = before.end();
            at = start;
            return this;
        }

        public Builder u8(String fieldName, String meaning) {
            return add(fieldName, Kind.U8, meaning);
        }

        public Builder u16(String fieldName, String meaning) {
            return add(fieldName, Kind.U16, meaning);
        }

        public Builder u32(String fieldName, String meaning) {
            return add(fieldName, Kind.U32, meaning);
        }

        public Builder u48(String fieldName, String meaning) {
            return add(fieldName, Kind.U48, meaning);
        }

        public Builder i32(String fieldName, String meaning) {
            return add(fieldName, Kind.I32, meaning);
        }

        public Builder i64(String fieldName, String meaning) {
            return add(fieldName, Kind.I64, meaning);
        }

        /** A run of {@code count} bytes. */
        public Builder bytes(String fieldName, int count, String meaning) {
            if (count <= 0) {
                throw new IllegalArgumentException(name + "." + fieldName + ": " + count + " bytes");
            }
            return add(fieldName, Kind.BYTES, count, "bytes(" + count + ")", meaning);
        }

        /**
         * A part whose length the data tells. Only varying parts can follow.
         *
         * @param type as to be documented: {@code u16 length, bytes}
         */
        public Builder varying(String fieldName, String type, String meaning) {
            add(fieldName, Kind.VARYING, 0, type, meaning);
            varying = true;
            return this;
        }

        /**
         * Ends the declaration.
         *
         * @param expectedBytes what the fields must add up to, what lies before {@link #after} not counted
         * @throws IllegalStateException if they do not
         */
        public Layout size(int expectedBytes) {
            if (at - start != expectedBytes) {
                throw new IllegalStateException(
                        name + " has " + (at - start) + " bytes, declared are " + expectedBytes);
            }
            return new Layout(this);
        }

        private Builder add(String fieldName, Kind kind, String meaning) {
            return add(fieldName, kind, kind.bytes, kind.name().toLowerCase(java.util.Locale.ROOT), meaning);
        }

        private Builder add(String fieldName, Kind kind, int bytes, String type, String meaning) {
            if (varying && kind != Kind.VARYING) {
                throw new IllegalStateException(name + "." + fieldName + " follows a part of varying length");
            }
            Field field = new Field(fieldName, kind, at, bytes, type, meaning);
            if (byName.put(fieldName, field) != null) {
                throw new IllegalStateException(name + " has two fields " + fieldName);
            }
            fields.add(field);
            at += bytes;
            return this;
        }
    }
}
