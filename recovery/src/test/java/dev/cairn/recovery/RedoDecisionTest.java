package dev.cairn.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cairn.recovery.RedoDecision.Carries;
import dev.cairn.recovery.RedoDecision.FileState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole table: every combination, against the rows as the design writes them, tried from the top. */
class RedoDecisionTest {

    private static final long RECORD_END = 1000;

    record Case(FileState file, Carries carries, boolean intact, long pageLsn, long logEnd) {
        RedoDecision decide() {
            return RedoDecision.of(file, carries, intact, pageLsn, RECORD_END, logEnd);
        }
    }

    /** A row of the table: where it holds, and what it says. */
    record Row(String name, java.util.function.Predicate<Case> holds, RedoDecision decision) {}

    private static final List<Row> TABLE = List.of(
            new Row("file dropped", c -> c.file == FileState.DROPPED, RedoDecision.SKIP_FILE),
            new Row("creates the file", c -> c.carries == Carries.CREATION, RedoDecision.INITIALISE),
            new Row("file missing otherwise", c -> c.file == FileState.MISSING, RedoDecision.FILE_MISSING),
            new Row("initialises", c -> c.carries == Carries.INITIALISATION, RedoDecision.INITIALISE),
            new Row("image", c -> c.carries == Carries.IMAGE, RedoDecision.RESTORE_IMAGE),
            new Row("not intact", c -> !c.intact, RedoDecision.PAGE_CORRUPT),
            new Row("from beyond the end", c -> c.pageLsn > c.logEnd, RedoDecision.LOG_LOST),
            new Row("applied already", c -> c.pageLsn >= RECORD_END, RedoDecision.SKIP),
            new Row("not applied", c -> c.pageLsn < RECORD_END, RedoDecision.APPLY));

    static Stream<Case> everyCombination() {
        List<Case> cases = new ArrayList<>();
        for (FileState file : FileState.values()) {
            for (Carries carries : Carries.values()) {
                for (boolean intact : new boolean[] {true, false}) {
                    for (long logEnd : new long[] {RECORD_END, RECORD_END + 8, RECORD_END + 800}) {
                        for (long pageLsn : new long[] {
                            0,
                            1,
                            RECORD_END - 1,
                            RECORD_END,
                            RECORD_END + 1,
                            logEnd - 1,
                            logEnd,
                            logEnd + 1,
                            Long.MAX_VALUE
                        }) {
                            cases.add(new Case(file, carries, intact, pageLsn, logEnd));
                        }
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("everyCombination")
    void decidesByTheFirstRowThatFits(Case c) {
        RedoDecision expected = TABLE.stream()
                .filter(row -> row.holds.test(c))
                .map(Row::decision)
                .findFirst()
                .orElseThrow();
        assertEquals(expected, c.decide(), c.toString());
    }

    @Test
    void everyDecisionOccursAndEveryRowIsNeeded() {
        Set<RedoDecision> seen = EnumSet.noneOf(RedoDecision.class);
        everyCombination().forEach(c -> seen.add(c.decide()));
        assertEquals(EnumSet.allOf(RedoDecision.class), seen);
    }

    @Test
    void aDecisionEitherKeepsThePageOrRefusesOrSkipsTheFile() {
        for (RedoDecision decision : RedoDecision.values()) {
            assertFalse(decision.keepsPage() && decision.refuses());
            assertEquals(
                    decision == RedoDecision.SKIP_FILE,
                    !decision.keepsPage() && !decision.refuses(),
                    decision.toString());
        }
    }

    /** I10: what has been applied is skipped the second time, whatever else the log holds. */
    @Test
    void i10_anAppliedRecordIsNotAppliedAgain() {
        assertEquals(
                RedoDecision.SKIP,
                RedoDecision.of(FileState.PRESENT, Carries.NOTHING, true, RECORD_END, RECORD_END, RECORD_END));
    }
}
