package dev.cairn.engine;

import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.TransactionException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tables as rows of the catalog, which is a table itself. A table's columns are one value:
 *
 * <pre>
 *   u16 columns, then per column: u8 kind, u8 not null, u32 precision, u32 scale, u8 name length, name
 * </pre>
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

    private CatalogRows() {}

    static byte[] encode(TableInfo table) {
        return RowCodec.encode(
                SCHEMA,
                new @Nullable Object[] {table.tableId(), table.name(), table.fileId(), encodeColumns(table.schema())});
    }

    /** @throws CorruptionException if the bytes are no row of the catalog */
    static TableInfo decode(byte[] data) {
        @Nullable Object[] values = RowCodec.decode(SCHEMA, data);
        return new TableInfo(
                (Integer) Objects.requireNonNull(values[0]),
                (String) Objects.requireNonNull(values[1]),
                (Integer) Objects.requireNonNull(values[2]),
                decodeColumns((byte[]) Objects.requireNonNull(values[3])));
    }

    private static byte[] encodeColumns(Schema schema) {
        int size = 2;
        for (Column column : schema.columns()) {
            size += 11 + column.name().getBytes(StandardCharsets.UTF_8).length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
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
        return out.array();
    }

    private static Schema decodeColumns(byte[] bytes) {
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
            return new Schema(columns);
        } catch (BufferUnderflowException e) {
            throw new CorruptionException("the columns of a table are cut off at " + in.position(), e);
        } catch (IllegalArgumentException | TransactionException e) {
            throw new CorruptionException("the columns of a table make no sense: " + e.getMessage(), e);
        }
    }
}
