package dev.cairn.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** Names for indexes that were given none, as PostgreSQL makes them. Stateless. */
public final class IndexNames {

    private IndexNames() {}

    static Index ofKey(String table, Schema.Key key, Predicate<String> taken) {
        String given = key.name();
        String name = given != null
                ? given
                : free(key.primary() ? table : joined(table, key.columns()), key.primary() ? "pkey" : "key", taken);
        return new Index(
                name,
                true,
                key.primary(),
                key.columns().stream().map(Index.Part::ascending).toList());
    }

    /** For CREATE INDEX without a name. */
    public static String ofIndex(String table, List<String> columns, Predicate<String> taken) {
        return free(joined(table, columns), "idx", taken);
    }

    private static String joined(String table, List<String> columns) {
        return table + "_" + String.join("_", columns);
    }

    private static String free(String start, String suffix, Predicate<String> taken) {
        for (int number = 0; ; number++) {
            String end = "_" + suffix + (number == 0 ? "" : number);
            String name = cut(start, Column.MAX_NAME_BYTES - end.length()) + end;
            if (!taken.test(name)) {
                return name;
            }
        }
    }

    private static String cut(String text, int bytes) {
        String cut = text;
        while (cut.getBytes(StandardCharsets.UTF_8).length > bytes) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }
}
