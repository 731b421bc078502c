package dev.cairn.fuzz.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.disk.OperationType;
import dev.cairn.fuzz.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyLivesTest {

    /** Every cell is tried once, and those that a workload did not come to a few times more. */
    private static final int ROUNDS = 6;

    @Test
    void noApplicableCellStaysEmpty() {
        FaultMatrix matrix = new FaultMatrix();
        int seedsOfARound = FaultMatrix.cells().size();
        int needed = (seedsOfARound + 3) / 4;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < needed; i++) {
                long seed = (long) round * seedsOfARound + i;
                Workload workload = round % 2 == 0 ? Workload.CHECKPOINTS : Workload.DDL;
                boolean wanted = FaultyLives.cellsOf(seed, workload).stream()
                        .anyMatch(cell -> matrix.count(cell.type(), cell.fault()) == 0);
                if (wanted) {
                    new FaultyLives(seed, workload, matrix).run();
                }
            }
        }
        assertEquals(List.of(), matrix.empty());
    }

    /** The newer slot of the control file goes bad when an unfinished checkpoint has written over the status pages of the older one. */
    @ParameterizedTest
    @ValueSource(longs = {4_000_251, 4_000_324})
    void aCheckpointUnderWayTakesTheStatusThatOnlyTheOlderSlotNeeds(long seed) {
        assertTrue(
                new FaultyLives(seed, Workload.CHURN, new FaultMatrix()).run().lives() > 0);
    }

    @Test
    void theMatrixSaysWhyACellIsEmpty() {
        FaultMatrix matrix = new FaultMatrix();
        matrix.count(new FaultMatrix.Cell(OperationType.PAGE_READ, FaultClass.SHORT_READ));
        FaultMatrix sum = new FaultMatrix();
        sum.add(matrix);
        sum.add(matrix);
        assertEquals(2, sum.total());
        assertEquals(FaultMatrix.cells().size() - 1, sum.empty().size());
        List<String> lines = sum.markdown().lines().toList();
        assertEquals(OperationType.values().length + 4, lines.size());
        assertTrue(lines.get(2).startsWith("| page: read | c | c | 0 | 0 | g |"), lines.get(2));
        assertTrue(lines.get(2).contains(" 2 |"), lines.get(2));
        assertTrue(lines.get(lines.size() - 1).contains("i: reads nothing"));
    }

    @Test
    void countsOfOtherProcessesAddUp() {
        FaultMatrix matrix = new FaultMatrix();
        matrix.add("fault SHORT_READ PAGE_READ 3");
        FaultMatrix sum = new FaultMatrix();
        matrix.lines().forEach(sum::add);
        matrix.lines().forEach(sum::add);
        assertEquals(6, sum.count(OperationType.PAGE_READ, FaultClass.SHORT_READ));
        assertEquals(List.of("fault SHORT_READ PAGE_READ 6"), sum.lines());
        for (String odd : List.of("fault SHORT_READ PAGE_READ", "fault NONE PAGE_READ 1", "point a b 1")) {
            assertThrows(IllegalArgumentException.class, () -> sum.add(odd), odd);
        }
    }

    @Test
    void theSameSeedDoesTheSame() {
        FaultMatrix first = new FaultMatrix();
        FaultMatrix second = new FaultMatrix();
        assertEquals(
                new FaultyLives(7, Workload.SAVEPOINTS, first).run(),
                new FaultyLives(7, Workload.SAVEPOINTS, second).run());
        assertEquals(first.markdown(), second.markdown());
    }
}
