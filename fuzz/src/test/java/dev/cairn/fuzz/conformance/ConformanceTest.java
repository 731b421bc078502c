package dev.cairn.fuzz.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transcripts recorded from PostgreSQL 15, replayed. */
class ConformanceTest {

    private static final String SMALL = """
            {"name":"a/b","source":"","tags":[],"tables":["t"],"sessions":2,
            "setup":[{"op":"insert","table":"t","k":1,"v":10,"sql":"INSERT INTO t (k, v) VALUES (1, 10)"}],
            "steps":[
            {"s":1,"op":"begin","sql":"BEGIN","expect":{"st":"tx"}},
            {"s":1,"op":"update","table":"t","k":1,"v":11,"sql":"UPDATE t SET v = 11 WHERE k = 1",
             "expect":{"n":1,"st":"tx"}},
            {"s":2,"op":"update_add","table":"t","k":1,"delta":5,"auto":true,
             "sql":"UPDATE t SET v = v + 5 WHERE k = 1","expect":{"blocked":true},"until":3},
            {"s":1,"op":"commit","sql":"COMMIT","expect":{"tag":"COMMIT","st":"idle"},
             "wakes":[{"step":2,"s":2,"expect":{"n":1,"st":"idle"}}]}],
            "final":{"t":[[1,16]]}}
            """.replace("\n", "") + "\n";

    @TempDir
    Path directory;

    private final List<String> failures = new ArrayList<>();

    private Conformance.Totals replay(String name, InputStream transcript, boolean sql) throws IOException {
        Conformance.Selection selection = new Conformance.Selection(sql, null, Set.of());
        try (Conformance conformance = new Conformance(directory, selection, failures::add)) {
            conformance.replay(name, transcript);
            return conformance.totals();
        }
    }

    private Conformance.Totals replay(String text) throws IOException {
        return replay("text", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), false);
    }

    /**
     * All that was written by hand, a sample of what was drawn at random, and of more that was: with each way in which a lock and
     * an update of one transaction may stand to each other.
     */
    @ParameterizedTest
    @CsvSource({
        "curated, 1104, false",
        "curated, 1104, true",
        "random, 178, false",
        "random, 178, true",
        "more, 461, false",
        "more, 461, true"
    })
    void rowsAndLocksAreAsPostgresHasThem(String file, int scenarios, boolean sql) throws Exception {
        String name = file + ".jsonl.gz";
        try (InputStream recorded = Objects.requireNonNull(getClass().getResourceAsStream("/conformance/" + name))) {
            Conformance.Totals totals = replay(name, recorded, sql);
            assertEquals(List.of(), failures);
            assertEquals(new Conformance.Totals(scenarios, scenarios, 0, 0), totals);
        }
    }

    @Test
    void eachWayOfGoingWrongIsNoticed() throws Exception {
        assertEquals(1, replay(SMALL).passed(), failures::toString);
        assertEquals(1, replay(SMALL.replace("\"v\":11,", "\"v\":12,")).failed());
        assertEquals(1, replay(SMALL.replace("[[1,16]]", "[[1,15]]")).failed());
        assertEquals(1, replay(SMALL.replace("{\"blocked\":true}", "{\"n\":1}")).failed());
        assertEquals(1, replay(SMALL.replace("\"update\",", "\"get\",")).failed());
        assertEquals(
                1,
                replay(SMALL.replace("{\"n\":1,\"st\":\"idle\"}", "{\"n\":0,\"st\":\"idle\"}"))
                        .failed());
        assertEquals(
                1,
                replay(SMALL.replace("\"op\":\"commit\"", "\"op\":\"savepoint\",\"name\":\"a\""))
                        .failed());
        assertEquals(7 - 1, failures.size(), failures::toString);
    }

    @Test
    void whatIsNoTranscriptIsNamed() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> replay("\n{\"name\": 1.5}\n"));
        assertTrue(String.valueOf(e.getMessage()).startsWith("text, line 2: not JSON"), e::toString);
    }
}
