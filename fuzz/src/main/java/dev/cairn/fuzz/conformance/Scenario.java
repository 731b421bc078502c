package dev.cairn.fuzz.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of a transcript.
 *
 * @param sessions how many; they are numbered from 1
 * @param setup committed, in order, before the first step
 * @param contents each table's rows after the last step, by key
 */
record Scenario(
        String name,
        Set<String> tags,
        List<String> tables,
        int sessions,
        List<Step> setup,
        List<Step> steps,
        Map<String, List<List<Long>>> contents) {

    /** What a scenario carries that is judged by serializability alone. */
    static final String SSI = "ssi";

    /** At least one transaction of such a scenario has to fail. */
    static final String SSI_REQUIRED = "ssi-required";

    /** @throws IllegalArgumentException if the line is none */
    @SuppressWarnings("unchecked")
    static Scenario parse(String line) {
        if (!(JsonText.parse(line) instanceof Map<?, ?> json)) {
            throw new IllegalArgumentException("a scenario is a JSON object");
        }
        Map<String, @Nullable Object> fields = (Map<String, @Nullable Object>) json;
        Map<String, List<List<Long>>> contents = new LinkedHashMap<>();
        ((Map<String, Object>) required(fields, "final"))
                .forEach((table, rows) -> contents.put(table, Step.rowsOf(rows)));
        return new Scenario(
                (String) required(fields, "name"),
                Set.copyOf((List<String>) required(fields, "tags")),
                (List<String>) required(fields, "tables"),
                ((Long) required(fields, "sessions")).intValue(),
                steps(required(fields, "setup")),
                steps(required(fields, "steps")),
                contents);
    }

    private static Object required(Map<String, @Nullable Object> fields, String name) {
        return Objects.requireNonNull(fields.get(name), () -> "a scenario without \"" + name + "\"");
    }

    @SuppressWarnings("unchecked")
    private static List<Step> steps(Object json) {
        return ((List<Map<String, @Nullable Object>>) json)
                .stream().map(Step::new).toList();
    }
}
