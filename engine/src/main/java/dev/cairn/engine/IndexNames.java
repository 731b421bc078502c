package dev.cairn.engine;

import dev.cairn.storage.base.Utf8;
import java.util.List;
import java.util.function.Predicate;

/** Names for indexes that were given none, as PostgreSQL makes them. Stateless. */
public final class IndexNames {

    private IndexNames() {}

    static Index ofKey(String table, Schema.Key key, Predicate<String> taken) {
        String given = key.name();
        String name = given != null
                ? given
                : free(
                        table,
                        key.primary() ? "" : String.join("_", key.columns()),
                        key.primary() ? "pkey" : "key",
                        taken);
        return new Index(
                name,
                true,
                key.primary(),
                true,
                key.columns().stream().map(Index.Part::ascending).toList());
    }

    /** For CREATE INDEX without a name. */
    public static String ofIndex(String table, List<String> columns, Predicate<String> taken) {
        return free(table, String.join("_", columns), "idx", taken);
    }

    /** For a check without a name, of one column or, if that is empty, of several. */
    public static String ofCheck(String table, String column, Predicate<String> taken) {
        return free(table, column, "check", taken);
    }

    private static String free(String table, String about, String suffix, Predicate<String> taken) {
        for (int number = 0; ; number++) {
            String end = "_" + suffix + (number == 0 ? "" : number);
            String name = fitting(table, about, Column.MAX_NAME_BYTES - end.length()) + end;
            if (!taken.test(name)) {
                return name;
            }
        }
    }

    /** Both joined; of the longer one as much is cut as must be. */
    private static String fitting(String table, String about, int bytes) {
        if (about.isEmpty()) {
            return Utf8.cut(table, bytes);
        }
        int first = Utf8.length(table);
        int second = Utf8.length(about);
        while (first + second + 1 > bytes) {
            if (first > second) {
                first--;
            } else {
                second--;
            }
        }
        return Utf8.cut(table, first) + "_" + Utf8.cut(about, second);
    }
}
