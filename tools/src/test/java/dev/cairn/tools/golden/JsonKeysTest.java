package dev.cairn.tools.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import dev.cairn.tools.Repository;
import dev.cairn.tools.dump.JsonLine;
import dev.cairn.tools.log.RecordJson;
import dev.cairn.tools.log.SampleRecords;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/JSON.md names every key of every line that {@code --json} prints, with its type, and explains it. */
class JsonKeysTest {

    private static final Pattern EXPLAINED = Pattern.compile("(?m)^- ((?:`[a-z0-9_]+`(?:, )?)+):? ");

    private static final String BEGIN = "<!-- lines -->\n";
    private static final String END = "<!-- end of lines -->";
    private static final String OR_NULL = " or null";
    /** Where a value may be null and is so in all samples: all of them are text. */
    private static final String NULL = "text" + OR_NULL;

    /** Lines by command and the keys that tell them apart; each with its keys and their types. */
    private static Map<String, Map<String, String>> lines() {
        Map<String, Map<String, String>> lines = new TreeMap<>();
        String directory = GoldenDatabase.current().resolve("db").toString();
        for (List<String> command : GoldenCommands.all().values()) {
            if (command.contains("--json")) {
                CommandRun run = CommandRun.of(GoldenCommands.arguments(command, directory));
                run.outLines().forEach(line -> add(lines, command.get(0), JsonLine.object(line)));
            }
        }
        SampleRecords.all().forEach(record -> add(lines, "log", JsonLine.object(RecordJson.line(64, 128, 5, record))));
        return lines;
    }

    private static void add(
            Map<String, Map<String, String>> lines, String command, Map<String, @Nullable Object> line) {
        Map<String, String> keys =
                lines.computeIfAbsent(command + " " + kind(command, line), k -> new LinkedHashMap<>());
        line.forEach((key, value) -> keys.merge(
                key,
                value == null ? NULL : type(value),
                (a, b) -> a.equals(b) || a.equals(b + OR_NULL) ? a : a.replace(OR_NULL, "") + OR_NULL));
    }

    /** What a program looks at first to know what the line is. */
    private static String kind(String command, Map<String, @Nullable Object> line) {
        if (command.equals("log") && line.containsKey("record")) {
            return "record " + line.get("record");
        }
        if (command.equals("stat") && line.containsKey("kind")) {
            return String.valueOf(line.get("kind"));
        }
        return "line with `" + line.keySet().iterator().next() + "`";
    }

    private static String type(Object value) {
        return value instanceof BigDecimal
                ? "number"
                : value instanceof Boolean
                        ? "boolean"
                        : value instanceof String ? "text" : value instanceof List ? "array" : "object";
    }

    private static String rendered() {
        StringBuilder out = new StringBuilder();
        lines().forEach((name, keys) -> {
            out.append("- **").append(name).append("**:");
            String separator = " ";
            for (Map.Entry<String, String> key : keys.entrySet()) {
                out.append(separator)
                        .append('`')
                        .append(key.getKey())
                        .append("` ")
                        .append(key.getValue());
                separator = ", ";
            }
            out.append('\n');
        });
        return out.toString();
    }

    private static Path document() {
        return Repository.root().resolve("docs/JSON.md");
    }

    /** Writes the lines in the document anew; new keys are to be explained by hand. */
    public static void main(String[] args) throws IOException {
        String text = Files.readString(document());
        Files.writeString(document(), text.substring(0, start(text)) + rendered() + text.substring(text.indexOf(END)));
    }

    private static int start(String text) {
        return text.indexOf(BEGIN) + BEGIN.length();
    }

    @Test
    void everyLineIsDocumented() throws IOException {
        String text = Files.readString(document());
        assertEquals(rendered(), text.substring(start(text), text.indexOf(END)));
    }

    @Test
    void everyKeyIsExplained() throws IOException {
        Set<String> keys = new TreeSet<>();
        lines().values().forEach(line -> keys.addAll(line.keySet()));
        Set<String> explained = new TreeSet<>();
        Matcher matcher = EXPLAINED.matcher(Files.readString(document()));
        while (matcher.find()) {
            for (String key : matcher.group(1).split(", ")) {
                explained.add(key.replace("`", ""));
            }
        }
        assertTrue(keys.size() > 50, keys.toString());
        assertEquals(keys, explained);
    }
}
