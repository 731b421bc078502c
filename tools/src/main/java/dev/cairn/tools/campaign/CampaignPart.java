package dev.cairn.tools.campaign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One process of a long campaign: {@code cairn fuzz} with these arguments.
 *
 * @param mode and {@code workload}: what it counts for in the report
 */
record CampaignPart(String mode, String workload, List<String> arguments) {

    CampaignPart {
        arguments = List.copyOf(arguments);
    }

    /** The mode under which damage counts: its workloads are the kinds of damage. */
    static final String CORRUPT = "corrupt";

    static final String FLIPPED_BITS = "flipped bits";
    static final String HOSTILE_IMAGES = "hostile images";

    /** One byte in so many is hit: each seed has a reference and bits of its own, so many seeds tell more than one whole. */
    private static final int BYTES_STEP = 101;

    static CampaignPart of(String mode, String workload, long seed, long seconds) {
        return new CampaignPart(
                mode,
                workload,
                List.of(
                        "fuzz",
                        mode,
                        "--workload=" + workload,
                        "--seed=" + seed,
                        "--time=" + seconds + "s",
                        "--points"));
    }

    /** @param damage {@link #FLIPPED_BITS} or {@link #HOSTILE_IMAGES} */
    static CampaignPart ofDamage(String damage, long seed, long seconds) {
        return new CampaignPart(
                CORRUPT,
                damage,
                List.of(
                        "fuzz",
                        CORRUPT,
                        damage.equals(HOSTILE_IMAGES) ? "--hostile" : "--step=" + BYTES_STEP,
                        "--seed=" + seed,
                        "--time=" + seconds + "s"));
    }

    /**
     * What its process said.
     *
     * @param counts the last line's; empty if it had none, and then the part broke
     * @param points for {@link dev.cairn.fuzz.points.PointCoverage#add}
     * @param faults for {@link dev.cairn.fuzz.fault.FaultMatrix#add(String)}
     * @param reproduce how its failures are reproduced
     */
    record Result(
            CampaignPart part,
            int exitCode,
            Map<String, Long> counts,
            List<String> points,
            List<String> faults,
            List<String> reproduce) {

        /** Whether it came to its end, failures found or not. */
        boolean isWhole() {
            return !counts.isEmpty() && exitCode <= 1;
        }
    }

    Result result(int exitCode, List<String> output) {
        Map<String, Long> counts = new HashMap<>();
        List<String> points = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        List<String> reproduce = new ArrayList<>();
        for (String line : output) {
            if (line.startsWith("fuzz: ")) {
                count(line, counts);
            } else if (line.startsWith("point ")) {
                points.add(line);
            } else if (line.startsWith("fault ")) {
                faults.add(line);
            } else if (line.startsWith("reproduce: ")) {
                reproduce.add(line.substring("reproduce: ".length()));
            }
        }
        return new Result(this, exitCode, counts, points, faults, reproduce);
    }

    private static void count(String line, Map<String, Long> counts) {
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0 && word.substring(equals + 1).matches("[0-9]{1,18}")) {
                counts.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
            }
        }
    }

    @Override
    public String toString() {
        return "cairn " + String.join(" ", arguments);
    }
}
