package dev.cairn.tools.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.tools.Cairn;
import dev.cairn.tools.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCampaignTest {

    @TempDir
    private Path scratch;

    @Test
    void aSmallOneReadsAllThatWasWritten() throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console = new Console(InputStream.nullInputStream(), stream, stream, false);
        assertEquals(0, new InspectCampaign(console, Cairn.class, scratch, 2000).run());
        String line = out.toString(StandardCharsets.UTF_8);
        assertTrue(
                line.matches("campaign: inspect ok log_bytes=\\d+ records=\\d+ stats_mb_per_second=.* heap=-Xmx64m\n"),
                line);
        int records = Integer.parseInt(line.replaceFirst(".* records=(\\d+) .*\n", "$1"));
        assertTrue(records > 2400 && records < 4000, line);
    }
}
