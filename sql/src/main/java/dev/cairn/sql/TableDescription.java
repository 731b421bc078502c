package dev.cairn.sql;

import dev.cairn.engine.Index;
import dev.cairn.engine.Schema;
import dev.cairn.engine.Table;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What there is to say of a table. */
record TableDescription(Schema schema, List<Index> indexes) {

    static TableDescription of(Table table) {
        return new TableDescription(table.schema(), table.indexes());
    }

    /** Indexes and checks, in lines as psql's; empty if there are none. */
    String footer() {
        StringBuilder out = new StringBuilder();
        if (!indexes.isEmpty()) {
            out.append("Indexes:\n");
            indexes.stream()
                    .sorted(Comparator.comparing((Index index) -> !index.primary())
                            .thenComparing(Index::name))
                    .forEach(index -> out.append("    \"")
                            .append(index.name())
                            .append('"')
                            .append(kind(index))
                            .append(" btree ")
                            .append(index.parts().stream()
                                    .map(TableDescription::part)
                                    .collect(Collectors.joining(", ", "(", ")\n"))));
        }
        if (!schema.checks().isEmpty()) {
            out.append("Check constraints:\n");
            schema.checks().stream()
                    .sorted(Comparator.comparing(Schema.Check::name))
                    .forEach(check -> out.append("    \"")
                            .append(check.name())
                            .append("\" CHECK (")
                            .append(check.expression())
                            .append(")\n"));
        }
        return out.toString();
    }

    private static String kind(Index index) {
        if (index.primary()) {
            return " PRIMARY KEY,";
        }
        return index.constraint() ? " UNIQUE CONSTRAINT," : index.unique() ? " UNIQUE," : "";
    }

    private static String part(Index.Part part) {
        String nulls = part.nullsFirst() == part.descending() ? "" : part.nullsFirst() ? " NULLS FIRST" : " NULLS LAST";
        return part.column() + (part.descending() ? " DESC" : "") + nulls;
    }
}
