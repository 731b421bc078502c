package dev.cairn.tools.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CampaignReportTest {

    private static final CampaignPart PART = CampaignPart.of("random", "ddl", 7, 60);

    private final CampaignReport report = new CampaignReport();

    @Test
    void partsAddUp() {
        List<String> output = List.of(
                "point random commit.durable 5",
                "fault SHORT_READ PAGE_READ 4",
                "fuzz: mode=random seed=7 seeds=3 states=40 distinct=30 kills=0 failures=0 reruns=1 mismatches=0"
                        + " per_second_core=9");
        report.add(PART.result(0, output));
        report.add(PART.result(0, output));
        assertTrue(report.isOk());
        assertEquals(60, report.total("distinct"));
        String markdown = report.markdown("today");
        assertTrue(markdown.startsWith(CampaignReport.BEGIN + "\ntoday\n"), markdown);
        assertTrue(markdown.contains("| random | ddl | 6 | 80 | 60 | 0 | 0 | 2 | 0 |\n"), markdown);
        assertTrue(markdown.contains("| **all** |  | 6 | 80 | 60 | 0 | 0 | 2 | 0 |\n"), markdown);
        assertTrue(markdown.contains("| `commit.durable` | **none** | 10 | **none** |\n"), markdown);
        assertTrue(markdown.contains("\nCrash points that no crash met:\n\n- `log.placed`\n"), markdown);
        assertFalse(markdown.contains("- `commit.durable`"), markdown);
        assertTrue(markdown.contains("| page: read | c | c | 0 | 0 | g | e | e | e | e | 8 |"), markdown);
        assertTrue(markdown.contains("- `error, once at page: read`\n"), markdown);
        assertTrue(markdown.endsWith(CampaignReport.END + "\n"), markdown);
    }

    @Test
    void failuresAreNamedWithTheirReproduction() {
        report.add(PART.result(
                1,
                List.of(
                        "reproduce: ./cairn fuzz random --seed=8 --workload=ddl",
                        "fuzz: mode=random seed=7 seeds=3 states=4 distinct=3 kills=0 failures=1 reruns=0 mismatches=0"
                                + " per_second_core=9")));
        assertFalse(report.isOk());
        assertEquals(0, report.broken());
        assertTrue(report.markdown("").contains("- `./cairn fuzz random --seed=8 --workload=ddl`\n"));
    }

    @Test
    void aPartThatBreaksIsNoSuccess() {
        report.add(PART.result(137, List.of("point random commit.durable 5")));
        report.addBroken(PART, "no such file");
        assertFalse(report.isOk());
        assertEquals(2, report.broken());
        assertTrue(report.markdown("").contains("--seed=7 --time=60s --points: exit code 137`\n"), report.markdown(""));
    }
}
