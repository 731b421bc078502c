package dev.cairn.tools.golden;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every inspection command in the ways in which it is used, on the golden database; {@code DIR} stands for its directory. */
public final class GoldenCommands {

    private GoldenCommands() {}

    /** Command lines by the names of their golden files. */
    static Map<String, List<String>> all() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("info", List.of("info", "DIR"));
        all.put("info-json", List.of("info", "--json", "DIR"));
        all.put("log", List.of("log", "DIR"));
        all.put("log-json", List.of("log", "--json", "DIR"));
        all.put("log-stats", List.of("log", "--stats", "DIR"));
        all.put("log-stats-json", List.of("log", "--stats", "--json", "DIR"));
        all.put("log-reverse", List.of("log", "--reverse", "--last=7", "DIR"));
        all.put("log-key", List.of("log", "--table=orders", "--key=3", "DIR"));
        all.put("log-obfuscate", List.of("log", "--obfuscate", "--table=all_types", "--json", "DIR"));
        all.put("txn", List.of("txn", "DIR"));
        all.put("txn-json", List.of("txn", "--json", "DIR"));
        all.put("txn-tree", List.of("txn", "DIR", "5"));
        all.put("txn-tree-json", List.of("txn", "--json", "DIR", "5"));
        all.put("key", List.of("key", "DIR", "orders", "3"));
        all.put("key-json", List.of("key", "--json", "DIR", "orders", "1"));
        all.put("key-row", List.of("key", "--obfuscate", "--row=1,0", "DIR", "all_types"));
        all.put("page", List.of("page", "DIR", "2", "1"));
        all.put("page-header", List.of("page", "DIR", "2", "0"));
        all.put("page-index", List.of("page", "DIR", "4", "1"));
        all.put("page-index-obfuscate", List.of("page", "--obfuscate", "DIR", "4", "1"));
        all.put("page-large", List.of("page", "DIR", "9", "1"));
        all.put("page-raw", List.of("page", "--raw", "DIR", "2", "1"));
        all.put("page-obfuscate", List.of("page", "--obfuscate", "DIR", "2", "1"));
        all.put("page-json", List.of("page", "--json", "DIR", "2", "1"));
        all.put("stat", List.of("stat", "DIR"));
        all.put("stat-json", List.of("stat", "--json", "DIR"));
        all.put("verify", List.of("verify", "DIR"));
        all.put("verify-json", List.of("verify", "--json", "DIR"));
        all.put("dump", List.of("dump", "DIR"));
        all.put("dump-json", List.of("dump", "--json", "DIR"));
        all.put("dump-csv", List.of("dump", "--format=csv", "--table=all_types", "DIR"));
        all.put("dump-obfuscate", List.of("dump", "--obfuscate", "--table=all_types", "DIR"));
        return all;
    }

    /** The command line for a directory. */
    public static String[] arguments(List<String> line, String directory) {
        return line.stream().map(word -> word.equals("DIR") ? directory : word).toArray(String[]::new);
    }
}
