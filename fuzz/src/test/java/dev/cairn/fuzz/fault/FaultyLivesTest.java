package dev.cairn.fuzz.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.fuzz.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultyLivesTest {

    @Test
    void noApplicableCellStaysEmpty() {
        FaultMatrix matrix = new FaultMatrix();
        for (Workload workload : List.of(Workload.DDL, Workload.CHECKPOINTS)) {
            for (long seed = 1; seed <= FaultMatrix.cells().size() / 4 + 1; seed++) {
                try { new FaultyLives(seed, workload, matrix).run(); } catch (RuntimeException e) { System.out.println("FAIL " + workload.name() + " " + seed + ": " + e.getMessage()); e.printStackTrace(System.out); }
            }
        }
        System.out.println(matrix.markdown());
        assertEquals(List.of(), matrix.empty());
    }
}
