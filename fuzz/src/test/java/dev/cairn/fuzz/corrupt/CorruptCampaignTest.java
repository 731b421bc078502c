package dev.cairn.fuzz.corrupt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Failure;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Options;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Scope;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Summary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CorruptCampaignTest {

    /** One bit of every so manieth byte; a prime, so that no field of a page is passed over. All with cairn fuzz corrupt. */
    private static final long BYTES_PER_FLIP = 61;

    private static final long HOSTILE_IMAGES = 1_500;

    private static final long MEASURED_IMAGES = 150;
    private static final long MOST_BYTES = 64 << 20;

    private final List<Failure> failures = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();

    private Summary run(Scope scope, long step, long count) throws IOException {
        Summary summary =
                new CorruptCampaign(new Options(scope, 1, -1, step, count, 0), failures::add, progress::add).run();
        assertEquals(List.of(), failures);
        assertTrue(summary.isOk());
        String last = summary.trials() + " images judged, at number ";
        assertTrue(progress.get(progress.size() - 1).startsWith(last), progress::toString);
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

    /** All that is taken for one image, garbage included, is less than the child has at a time; a value may say that it has 64 MiB. */
    @Test
    void lengthsThatLieTakeNoMemory() {
        HostileTrials trials = new HostileTrials(2);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (long number = 0; number < MEASURED_IMAGES; number++) {
            long trial = number;
            AtomicLong forPages = new AtomicLong();
            long before = threads.getCurrentThreadAllocatedBytes();
            trials.judge(trial, forPages::addAndGet);
            long onHeap = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(onHeap < MOST_BYTES, () -> "image " + trial + " took " + onHeap + " bytes of heap");
            assertTrue(forPages.get() < MOST_BYTES, () -> "image " + trial + " took " + forPages + " bytes for pages");
        }
    }

    /** A lying page of a large value that read as if its row had been rolled back; a lie about a record that a lie had cut down before. */
    @Test
    void imagesThatOnceEndedBadly() {
        assertEquals(Outcome.AT_READING, new HostileTrials(75_000_226).judge(4_020));
        assertEquals(Outcome.AT_READING, new HostileTrials(91_000_274).judge(1_792));
    }

    /** What the check is worth: damage that is hidden from it is a failure. */
    @Test
    void aWrongAnswerIsAFailure() {
        Reference reference = Reference.of(1);
        assertThrows(dev.cairn.fuzz.workload.Mismatch.class, () -> DamageCheck.run(reference.image(), Map.of()));
    }
}
