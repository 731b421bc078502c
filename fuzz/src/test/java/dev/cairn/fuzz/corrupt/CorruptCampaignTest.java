package dev.cairn.fuzz.corrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.fuzz.corrupt.CorruptCampaign.Failure;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Options;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Scope;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorruptCampaignTest {

    /** One bit of every so manieth byte; a prime, so that no field of a page is passed over. All with cairn fuzz corrupt. */
    private static final long BYTES_PER_FLIP = 61;

    private static final long HOSTILE_IMAGES = 1_500;

    private final List<Failure> failures = new ArrayList<>();

    private Summary run(Scope scope, long step, long count) throws IOException {
        Summary summary = new CorruptCampaign(new Options(scope, 1, -1, step, count, 0), failures::add).run();
        assertEquals(List.of(), failures);
        assertTrue(summary.isOk());
        return summary;
    }

    @Test
    void aFlippedBitIsReportedOrBelongsToNobody() throws IOException {
        Summary summary = run(Scope.BYTES, BYTES_PER_FLIP, Long.MAX_VALUE);
        assertTrue(summary.trials() >= Reference.BYTES / BYTES_PER_FLIP, summary::line);
        assertTrue(summary.refused() > 0 && summary.atReading() > 0 && summary.byVerify() > 0, summary::details);
        assertEquals(
                summary.trials(),
                summary.refused() + summary.atReading() + summary.byVerify() + summary.unreferenced());
    }

    @Test
    void imagesThatLieGiveTypedErrorsInLittleMemory() throws IOException {
        assertEquals(HOSTILE_IMAGES, run(Scope.HOSTILE, 1, HOSTILE_IMAGES).trials());
    }

    @Test
    void theReferenceIsTheSameEveryTimeAndLargeEnough() {
        Reference one = Reference.of(3);
        Reference other = Reference.of(3);
        assertTrue(one.image().size() >= Reference.BYTES);
        assertEquals(one.image().list(), other.image().list());
        for (String name : one.image().list()) {
            org.junit.jupiter.api.Assertions.assertArrayEquals(
                    one.image().bytes(name), other.image().bytes(name));
        }
        assertEquals(one.contents(), other.contents());
    }

    /** What the check is worth: damage that is hidden from it is a failure. */
    @Test
    void aWrongAnswerIsAFailure() {
        Reference reference = Reference.of(1);
        assertThrows(dev.cairn.fuzz.workload.Mismatch.class, () -> DamageCheck.run(reference.image(), Map.of()));
    }
}
