package dev.cairn.tools.dump;

import dev.cairn.engine.ColumnType;
import dev.cairn.engine.Index;
import dev.cairn.engine.Schema;
import dev.cairn.tools.log.ColumnText;

/** Statements of SQL that make tables anew. Stateless. */
final class DumpText {

    private DumpText() {}

    /** A value as an SQL literal that a column of that type takes. */
    static String literal(ColumnType type, Object value) {
        String text = ColumnText.of(type, value);
        return switch (type.kind()) {
            case BIGINT, INTEGER, SMALLINT, NUMERIC -> text;
            case BOOLEAN -> (Boolean) value ? "true" : "false";
            case DOUBLE, TEXT, BYTEA, DATE, TIMESTAMP -> quoted(text);
        };
    }

    /** Line ends are escaped, so that whoever reads a script by lines does not change them. */
    private static String quoted(String text) {
        String doubled = text.replace("'", "''");
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
            return "'" + doubled + "'";
        }
        return "E'" + doubled.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "'";
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** The statement that makes the table, its keys included. */
    static String createTable(DumpWriter.Definition table) {
        StringBuilder sql = new StringBuilder("CREATE TABLE " + identifier(table.name()) + " (");
        Schema schema = table.schema();
        String separator = "\n    ";
        for (var column : schema.columns()) {
            String expression = schema.defaults().get(column.name());
            sql.append(separator)
                    .append(identifier(column.name()))
                    .append(' ')
                    .append(column.type())
                    .append(expression == null ? "" : " DEFAULT " + expression)
                    .append(column.notNull() ? " NOT NULL" : "");
            separator = ",\n    ";
        }
        for (Schema.Check check : schema.checks()) {
            sql.append(separator)
                    .append("CONSTRAINT ")
                    .append(identifier(check.name()))
                    .append(" CHECK (")
                    .append(check.expression())
                    .append(')');
        }
        for (Index index : table.indexes()) {
            if (index.constraint()) {
                sql.append(separator)
                        .append("CONSTRAINT ")
                        .append(identifier(index.name()))
                        .append(index.primary() ? " PRIMARY KEY " : " UNIQUE ")
                        .append(parts(index));
            }
        }
        return sql.append("\n);\n").toString();
    }

    /** The statement that makes an index which stands for no key. */
    static String createIndex(String table, Index index) {
        return "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX " + identifier(index.name()) + " ON "
                + identifier(table) + " " + parts(index) + ";\n";
    }

    private static String parts(Index index) {
        StringBuilder text = new StringBuilder();
        for (Index.Part part : index.parts()) {
            text.append(text.length() == 0 ? "(" : ", ")
                    .append(identifier(part.column()))
                    .append(part.descending() ? " DESC" : "");
            if (part.nullsFirst() != part.descending()) {
                text.append(part.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
            }
        }
        return text.append(')').toString();
    }
}
