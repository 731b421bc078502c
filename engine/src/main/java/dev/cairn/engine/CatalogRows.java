package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.storage.base.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tables and indexes as rows of the catalog, which is a table itself. A table's columns are one value:
 *
 * <pre>
 *   u16 columns, then per column: u8 kind, u8 not null, u32 precision, u32 scale, u8 name length, name
 *   u32 overflow file, 0 if there can be none
 *   then, if there are any: u16 defaults, then per default: u16 column, u16 length, SQL expression;
 *                           u16 checks, then per check: u16 length, name, u16 length, SQL expression
 * </pre>
 *
 * The row of an index has the id of its table, and as columns:
 *
 * <pre>
 *   u16 0xFFFF, u8 flags (1 unique, 2 primary, 4 a key, 8 entries are to be rechecked, 16 parts say whether they are marked), u16 parts,
 *   then per part: u16 column, u8 flags (1 descending, 2 nulls first, 4 keys are marked: they tell nulls from values)
 * </pre>
 *
 * Where parts do not say it, as those of the first databases, keys are marked in columns that may be null.
 */
final class CatalogRows {

    /** The catalog's own file and table. */
    static final int FILE_ID = 1;

    static final int TABLE_ID = 1;

    static final Schema SCHEMA = Schema.builder()
            .column("table_id", ColumnType.INTEGER)
            .notNull()
            .column("name", ColumnType.TEXT)
            .notNull()
            .column("file_id", ColumnType.INTEGER)
            .notNull()
            .column("columns", ColumnType.BYTEA)
            .notNull()
            .build();

    private static final int INDEX_MARK = 0xFFFF;
    private static final int FLAGS_AT = 2;
    private static final int PARTS_AT = 5;
    private static final int PART_BYTES = 3;
    private static final int UNIQUE = 1;
    private static final int PRIMARY = 2;
    private static final int KEY = 4;
    private static final int RECHECKS = 8;
    private static final int SAYS_MARKS = 16;
    private static final int DESCENDING = 1;
    private static final int NULLS_FIRST = 2;
    private static final int MARKED = 4;

    private CatalogRows() {}

    static byte[] encode(TableInfo table) {
        return encode(
                table.tableId(), table.name(), table.fileId(), encodeColumns(table.schema(), table.overflowFileId()));
    }

    static byte[] encode(IndexInfo info) {
        return encode(info.tableId(), info.index().name(), info.fileId(), encodeParts(info));
    }

    private static byte[] encode(int tableId, String name, int fileId, byte[] columns) {
        return RowCodec.encode(SCHEMA, new @Nullable Object[] {tableId, name, fileId, columns});
    }

    /** Whether the row is an index's. */
    static boolean isIndex(byte[] data) {
        byte[] columns = columnsOf(data);
        return columns.length >= 2 && columns[0] == (byte) INDEX_MARK && columns[1] == (byte) (INDEX_MARK >> 8);
    }

    /** What the rows of tables and indexes have in common. */
    record Named(int tableId, String name, int fileId) {}

    static Named named(byte[] data) {
        @Nullable Object[] values = RowCodec.decode(SCHEMA, data);
        return new Named(
                (Integer) Objects.requireNonNull(values[0]), (String) Objects.requireNonNull(values[1]), (Integer)
                        Objects.requireNonNull(values[2]));
    }

    private static byte[] columnsOf(byte[] data) {
        return (byte[]) Objects.requireNonNull(RowCodec.decode(SCHEMA, data)[3]);
    }

    /**
     * The table, without its indexes.
     *
     * @throws CorruptionException if the bytes are no row of the catalog
     */
    static TableInfo decodeTable(byte[] data) {
        Named named = named(data);
        return decodeColumns(named, columnsOf(data));
    }

    /**
     * The index.
     *
     * @param schemas of the tables, by table id
     * @throws CorruptionException if the bytes are no row of an index of one of them
     */
    static IndexInfo decodeIndex(byte[] data, Map<Integer, Schema> schemas) {
        Named named = named(data);
        int tableId = named.tableId();
        String name = named.name();
        Schema schema = schemas.get(tableId);
        if (schema == null) {
            throw new CorruptionException("index \"" + name + "\" is of table " + tableId + ", which there is not");
        }
        byte[] columns = columnsOf(data);
        Index index = decodeParts(name, columns, schema);
        int marked = (columns[FLAGS_AT] & SAYS_MARKS) != 0 ? marked(columns) : IndexInfo.markedBy(index, schema);
        return new IndexInfo(tableId, named.fileId(), index, schema, (columns[FLAGS_AT] & RECHECKS) != 0, marked);
    }

    private static byte[] encodeParts(IndexInfo info) {
        Index index = info.index();
        ByteBuffer out = ByteBuffer.allocate(
                        PARTS_AT + PART_BYTES * index.parts().size())
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putShort((short) INDEX_MARK)
                .put((byte) ((index.unique() ? UNIQUE : 0)
                        | (index.primary() ? PRIMARY : 0)
                        | (index.constraint() ? KEY : 0)
                        | (info.rechecks() ? RECHECKS : 0)
                        | SAYS_MARKS))
                .putShort((short) index.parts().size());
        for (int i = 0; i < index.parts().size(); i++) {
            Index.Part part = index.parts().get(i);
            out.putShort((short) info.schema().indexOf(part.column())).put((byte) ((part.descending() ? DESCENDING : 0)
                    | (part.nullsFirst() ? NULLS_FIRST : 0)
                    | ((info.marked() >> i & 1) != 0 ? MARKED : 0)));
        }
        return out.array();
    }

    /** Of parts that have been decoded, so that the bytes are as many as they must be. */
    private static int marked(byte[] bytes) {
        int marked = 0;
        for (int i = 0; PARTS_AT + (i + 1) * PART_BYTES <= bytes.length; i++) {
            marked |= (bytes[PARTS_AT + (i + 1) * PART_BYTES - 1] & MARKED) != 0 ? 1 << i : 0;
        }
        return marked;
    }

    private static Index decodeParts(String name, byte[] bytes, Schema schema) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            in.getShort();
            int flags = in.get();
            int count = in.getShort() & 0xFFFF;
            List<Index.Part> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int column = in.getShort() & 0xFFFF;
                int order = in.get();
                if (column >= schema.size()) {
                    throw new CorruptionException(
                            "index \"" + name + "\" is on column " + column + " of " + schema.size());
                }
                parts.add(new Index.Part(
                        schema.column(column).name(), (order & DESCENDING) != 0, (order & NULLS_FIRST) != 0));
            }
            return new Index(name, (flags & UNIQUE) != 0, (flags & PRIMARY) != 0, (flags & KEY) != 0, parts);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new CorruptionException("index \"" + name + "\" makes no sense in the catalog", e);
        }
    }

    private static byte[] encodeColumns(Schema schema, int overflowFileId) {
        int size = 2 + Integer.BYTES;
        for (Column column : schema.columns()) {
            size += 11 + Utf8.length(column.name());
        }
        byte[] rules = encodeRules(schema);
        ByteBuffer out = ByteBuffer.allocate(size + rules.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort((short) schema.size());
        for (Column column : schema.columns()) {
            byte[] name = column.name().getBytes(StandardCharsets.UTF_8);
            out.put((byte) column.type().kind().code)
                    .put((byte) (column.notNull() ? 1 : 0))
                    .putInt(column.type().precision())
                    .putInt(column.type().scale())
                    .put((byte) name.length)
                    .put(name);
        }
        return out.putInt(overflowFileId).put(rules).array();
    }

    private static byte[] encodeRules(Schema schema) {
        if (schema.defaults().isEmpty() && schema.checks().isEmpty()) {
            return new byte[0];
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        putShort(out, schema.defaults().size());
        schema.defaults().forEach((column, expression) -> {
            putShort(out, schema.indexOf(column));
            putText(out, expression);
        });
        putShort(out, schema.checks().size());
        for (Schema.Check check : schema.checks()) {
            putText(out, check.name());
            putText(out, check.expression());
        }
        return out.toByteArray();
    }

    private static void putShort(ByteArrayOutputStream out, int value) {
        out.write(value);
        out.write(value >> 8);
    }

    private static void putText(ByteArrayOutputStream out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > 0xFFFF) {
            throw new TransactionException(
                    SqlState.PROGRAM_LIMIT_EXCEEDED, "an expression of " + utf8.length + " bytes is too long to keep");
        }
        putShort(out, utf8.length);
        out.writeBytes(utf8);
    }

    private static String text(ByteBuffer in) {
        byte[] utf8 = new byte[in.getShort() & 0xFFFF];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static Schema decodeRules(ByteBuffer in, Schema columns) {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (int left = in.getShort() & 0xFFFF; left > 0; left--) {
            int column = in.getShort() & 0xFFFF;
            if (column >= columns.size()) {
                throw new CorruptionException("a default of column " + column + " of " + columns.size());
            }
            defaults.put(columns.column(column).name(), text(in));
        }
        List<Schema.Check> checks = new ArrayList<>();
        for (int left = in.getShort() & 0xFFFF; left > 0; left--) {
            checks.add(new Schema.Check(text(in), text(in)));
        }
        return columns.withDefaults(defaults).withChecks(checks);
    }

    private static TableInfo decodeColumns(Named named, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int count = in.getShort() & 0xFFFF;
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ColumnType.Kind kind = ColumnType.Kind.ofCode(in.get() & 0xFF);
                if (kind == null) {
                    throw new CorruptionException("column " + i + " of a table has an unknown type");
                }
                boolean notNull = in.get() != 0;
                ColumnType type = ColumnType.of(kind, in.getInt(), in.getInt());
                byte[] name = new byte[in.get() & 0xFF];
                in.get(name);
                columns.add(new Column(new String(name, StandardCharsets.UTF_8), type, notNull));
            }
            int overflowFileId = in.getInt();
            Schema schema = new Schema(columns);
            return new TableInfo(
                    named.tableId(),
                    named.name(),
                    named.fileId(),
                    overflowFileId,
                    in.hasRemaining() ? decodeRules(in, schema) : schema,
                    List.of());
        } catch (BufferUnderflowException e) {
            throw new CorruptionException("the columns of a table are cut off at " + in.position(), e);
        } catch (IllegalArgumentException | TransactionException e) {
            throw new CorruptionException("the columns of a table make no sense: " + e.getMessage(), e);
        }
    }
}
