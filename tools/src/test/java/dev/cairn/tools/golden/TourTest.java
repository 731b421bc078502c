package dev.cairn.tools.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.CommandRun;
import dev.cairn.tools.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour in docs/INSPECT.md: its commands are run, and print what stands there, but for times and sizes. */
class TourTest {

    private static final Pattern SCRIPT = Pattern.compile("(?s)```sql\n(.*?)```");
    private static final Pattern BLOCK = Pattern.compile("(?s)```console\n\\$ cairn ([^\n]*)\n(.*?)```");

    @TempDir
    private Path scratch;

    private static Path document() {
        return Repository.root().resolve("docs/INSPECT.md");
    }

    /** Writes the outputs in the document anew. */
    public static void main(String[] args) throws IOException {
        Path scratch = Files.createTempDirectory("tour");
        Files.writeString(document(), replayed(Files.readString(document()), scratch));
    }

    private static String replayed(String text, Path scratch) throws IOException {
        Matcher script = SCRIPT.matcher(text);
        if (!script.find()) {
            throw new IllegalArgumentException("expected a script in the tour, found none");
        }
        Files.writeString(scratch.resolve("import.sql"), script.group(1));
        Matcher block = BLOCK.matcher(text);
        StringBuilder out = new StringBuilder();
        while (block.find()) {
            String line = block.group(1);
            CommandRun run = CommandRun.of(arguments(line, scratch));
            String printed = line.contains(" > ") ? "" : run.out() + run.err();
            String shown = "```console\n$ cairn " + line + "\n" + printed.replace(scratch.toString(), "/tmp") + "```";
            block.appendReplacement(out, Matcher.quoteReplacement(shown));
        }
        return block.appendTail(out).toString();
    }

    private static String[] arguments(String line, Path scratch) {
        return Stream.of(line.replaceFirst(" > .*", "").split(" (?=(?:[^']*'[^']*')*[^']*$)"))
                .map(word -> word.replace("'", "")
                        .replace("/tmp/db", scratch.resolve("db").toString())
                        .replace("import.sql", scratch.resolve("import.sql").toString()))
                .toArray(String[]::new);
    }

    /** Times, durations, LSNs and sizes differ from run to run, and with them the blanks around them. */
    private static String normal(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
                .replaceAll("[0-9.]+ (us|ms|s)\\b", "DURATION")
                .replaceAll("\\b[0-9A-F]/[0-9A-F]+", "LSN")
                .replaceAll("\\d+ bytes", "SIZE")
                .replaceAll("LSN +(\\d+|-) +\\d+ ", "LSN $1 SIZE ")
                .replaceAll("(?m) +", " ");
    }

    @Test
    void theCommandsOfTheTourPrintWhatStandsThere() throws IOException {
        String text = Files.readString(document());
        assertTrue(BLOCK.matcher(text).results().count() > 7, "commands");
        assertEquals(normal(text), normal(replayed(text, scratch)));
    }

    @Test
    void theyLeadToTheCause() throws IOException {
        String text = Files.readString(document());
        assertTrue(text.contains("savepoint \"vehicle_2\" of transaction"), "which savepoint");
        assertTrue(text.contains("\"nightly-import\": rolled back by error 23502, 20"), "by whom, why and when");
    }
}
