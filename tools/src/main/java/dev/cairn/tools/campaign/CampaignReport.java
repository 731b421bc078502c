package dev.cairn.tools.campaign;

import dev.cairn.fuzz.fault.FaultMatrix;
import dev.cairn.fuzz.points.PointCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a long campaign has found so far, as Markdown between two markers. Thread-safe. */
final class CampaignReport {

    static final String BEGIN = "<!-- campaign hour: begin -->";
    static final String END = "<!-- campaign hour: end -->";

    private static final List<String> COLUMNS =
            List.of("seeds", "states", "distinct", "kills", "failures", "reruns", "mismatches");

    /** Of one kind, so that the tables stay in sight. */
    private static final int MOST_LISTED = 60;

    private final Map<String, Map<String, Long>> rows = new TreeMap<>();
    private final Map<String, Long> total = new TreeMap<>();
    private final PointCoverage coverage = new PointCoverage();
    private final FaultMatrix faults = new FaultMatrix();
    private final List<String> reproduce = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    synchronized void add(CampaignPart.Result result) {
        if (!result.isWhole()) {
            broken.add(result.part() + ": exit code " + result.exitCode());
        }
        CampaignPart part = result.part();
        Map<String, Long> row = rows.computeIfAbsent(part.mode() + " | " + part.workload(), key -> new TreeMap<>());
        for (String column : COLUMNS) {
            long count = result.counts().getOrDefault(column, 0L);
            row.merge(column, count, Long::sum);
            total.merge(column, count, Long::sum);
        }
        result.points().forEach(coverage::add);
        result.faults().forEach(faults::add);
        reproduce.addAll(result.reproduce());
    }

    /** A part that could not be run, and why. */
    synchronized void addBroken(CampaignPart part, String why) {
        broken.add(part + ": " + why);
    }

    synchronized long total(String column) {
        return total.getOrDefault(column, 0L);
    }

    /** Whether nothing failed, and every part came to its end. */
    synchronized boolean isOk() {
        return reproduce.isEmpty() && broken.isEmpty() && total("failures") == 0 && total("mismatches") == 0;
    }

    /** How many parts did not come to their end. */
    synchronized int broken() {
        return broken.size();
    }

    synchronized String markdown(String heading) {
        StringBuilder text = new StringBuilder(BEGIN + "\n" + heading + "\n\n| mode | workload |");
        COLUMNS.forEach(column -> text.append(' ').append(column).append(" |"));
        text.append("\n|---|---|").append("---:|".repeat(COLUMNS.size())).append('\n');
        rows.forEach((name, row) -> line(name, row, text));
        line("**all** | ", total, text);
        text.append("\nHow often a crash met each point:\n\n").append(coverage.markdown());
        list("Crash points that no crash met", coverage.unmet(), text);
        if (faults.total() > 0) {
            text.append("\nFaults, by the operation that they befell:\n\n").append(faults.markdown());
            list(
                    "Faults that have not befallen what they could: "
                            + faults.empty().size(),
                    faults.empty(),
                    text);
        }
        list("Failures", reproduce, text);
        list("Parts that did not come to their end", broken, text);
        return text.append(END).append('\n').toString();
    }

    private static void line(String name, Map<String, Long> row, StringBuilder text) {
        text.append("| ").append(name).append(" |");
        COLUMNS.forEach(column -> text.append(String.format(Locale.ROOT, " %,d |", row.getOrDefault(column, 0L))));
        text.append('\n');
    }

    private static void list(String title, List<String> lines, StringBuilder text) {
        if (!lines.isEmpty()) {
            text.append('\n').append(title).append(":\n\n");
            lines.stream()
                    .limit(MOST_LISTED)
                    .forEach(line -> text.append("- `").append(line).append("`\n"));
            if (lines.size() > MOST_LISTED) {
                text.append("- and ").append(lines.size() - MOST_LISTED).append(" more\n");
            }
        }
    }
}
