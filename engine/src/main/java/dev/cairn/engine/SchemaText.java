package dev.cairn.engine;

import java.util.stream.Collectors;

/** Schemas in words of SQL. */
final class SchemaText {

    private SchemaText() {}

    static String createTable(TableInfo table) {
        return table.schema().columns().stream()
                .map(column -> quote(column.name()) + " " + column.type() + (column.notNull() ? " NOT NULL" : ""))
                .collect(Collectors.joining(", ", "CREATE TABLE " + quote(table.name()) + " (", ")"));
    }

    /** What has become of its columns. */
    static String alterTable(TableInfo table) {
        return createTable(table).replaceFirst("CREATE", "ALTER");
    }

    static String createIndex(TableInfo table, Index index) {
        return index.parts().stream()
                .map(part -> quote(part.column())
                        + (part.descending() ? " DESC" : "")
                        + (part.nullsFirst() == part.descending()
                                ? ""
                                : part.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"))
                .collect(Collectors.joining(
                        ", ",
                        "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX " + quote(index.name()) + " ON "
                                + quote(table.name()) + " (",
                        ")"));
    }

    static String dropTable(TableInfo table) {
        return "DROP TABLE " + quote(table.name());
    }

    /** Quotes an identifier unless PostgreSQL would read it back as it stands. */
    static String quote(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
