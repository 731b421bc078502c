package dev.cairn.fuzz.conformance;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.fuzz.conformance.ReplayDatabase.Way;
import dev.cairn.wal.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Replays transcripts and counts. A scenario with the tag {@code ssi} is judged by whether its outcome is serializable (and
 * with {@code ssi-required} by whether somebody failed), every other one step by step.
 */
public final class Conformance implements AutoCloseable {

    /**
     * What of a transcript to replay.
     *
     * @param sql through SQL sessions, not the Java API
     * @param only just the scenarios whose name contains this; null for all
     * @param skippedTags scenarios with one of these are skipped
     */
    public record Selection(boolean sql, @Nullable String only, Set<String> skippedTags) {}

    /** How it went so far. */
    public record Totals(int scenarios, int passed, int skipped, int failed) {}

    private final Selection selection;
    private final Consumer<String> failures;
    private final Database database;
    private final ReplayDatabase target;
    private int scenarios;
    private int passed;
    private int skipped;
    private int failed;

    /**
     * @param directory where a database is made; the caller's to remove
     * @param failures gets a text for each scenario that fails
     */
    public Conformance(Path directory, Selection selection, Consumer<String> failures) {
        this.selection = selection;
        this.failures = failures;
        this.database = Database.open(
                directory, DatabaseOptions.builder().durability(Durability.LAZY).build());
        this.target = new ReplayDatabase(database, selection.sql() ? Way.SQL : Way.JAVA);
    }

    /**
     * Replays one transcript, compressed by gzip if its name ends so.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if a line is no scenario
     */
    public void replay(String name, InputStream transcript) throws IOException {
        InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(transcript) : transcript;
        BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
        String line = lines.readLine();
        int number = 1;
        while (line != null) {
            if (!line.isBlank()) {
                replay(scenario(name, number, line));
            }
            line = lines.readLine();
            number++;
        }
    }

    private static Scenario scenario(String name, int number, String line) {
        try {
            return Scenario.parse(line);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(name + ", line " + number + ": " + e.getMessage(), e);
        }
    }

    private void replay(Scenario scenario) {
        if (selection.only() != null && !scenario.name().contains(selection.only())) {
            return;
        }
        scenarios++;
        if (scenario.tags().stream().anyMatch(selection.skippedTags()::contains)) {
            skipped++;
            return;
        }
        try {
            Replay replay = new Replay(target);
            if (scenario.tags().contains(Scenario.SSI)) {
                judge(scenario, replay.lenient(scenario));
            } else {
                replay.strict(scenario);
            }
            passed++;
        } catch (Mismatch e) {
            failed++;
            failures.accept(scenario.name() + " " + scenario.tags() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            throw new IllegalStateException("in " + scenario.name() + ": " + e, e);
        }
    }

    private static void judge(Scenario scenario, SerialHistory history) throws Mismatch {
        SerialHistory.Verdict verdict = history.judge();
        if (verdict == SerialHistory.Verdict.NOT_SERIALIZABLE) {
            throw new Mismatch("what was committed has no serial order");
        }
        if (scenario.tags().contains(Scenario.SSI_REQUIRED) && !history.hasFailure()) {
            throw new Mismatch("nobody has failed");
        }
    }

    public Totals totals() {
        return new Totals(scenarios, passed, skipped, failed);
    }

    @Override
    public void close() {
        target.close();
        database.close();
    }
}
