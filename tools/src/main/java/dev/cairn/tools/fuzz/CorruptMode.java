package dev.cairn.tools.fuzz;

import dev.cairn.fuzz.corrupt.CorruptCampaign;
import dev.cairn.fuzz.corrupt.CorruptCampaign.Scope;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code cairn fuzz corrupt}: its options, and how it is run and told. */
final class CorruptMode {

    private static final long HOSTILE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Option(names = "--exhaustive", description = "Every bit, not one of each byte (corrupt only; an hour or more).")
    private boolean exhaustive;

    @Option(names = "--hostile", description = "Images that lie, as many as --seeds or --time say (corrupt only).")
    private boolean hostile;

    @Option(
            names = "--trial",
            paramLabel = "N",
            description = "The one image to judge (corrupt only).",
            defaultValue = "-1")
    private long trial;

    @Option(names = "--step", paramLabel = "N", description = "Every N-th image (corrupt only).", defaultValue = "1")
    private long step;

    /** Whether an option was given that no other mode has. */
    boolean isAsked() {
        return exhaustive || hostile || trial >= 0 || step != 1;
    }

    /**
     * Runs the campaign.
     *
     * @param seeds how many images; 0 for all, or as many as the time allows
     * @param nanos 0 for no limit
     */
    int run(Console console, @Nullable Long seed, long seeds, long nanos, boolean json) throws IOException {
        if (exhaustive && hostile) {
            throw new UsageException("--exhaustive flips bits, --hostile does something else: one of them");
        }
        Scope scope = hostile ? Scope.HOSTILE : exhaustive ? Scope.EXHAUSTIVE : Scope.BYTES;
        boolean endless = hostile && seeds == 0 && trial < 0 && nanos == 0;
        CorruptCampaign.Options options;
        try {
            options = new CorruptCampaign.Options(
                    scope,
                    seed == null ? 1 : seed,
                    trial,
                    step,
                    seeds == 0 ? Long.MAX_VALUE : seeds,
                    endless ? HOSTILE_NANOS : nanos);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        CorruptCampaign.Summary summary =
                new CorruptCampaign(options, failure -> report(console, failure, json), console::progress).run();
        if (json) {
            console.line(summary.json());
        } else {
            console.line(summary.details());
            console.line(summary.line());
        }
        return summary.isOk() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static void report(Console console, CorruptCampaign.Failure failure, boolean json) {
        console.line(
                json
                        ? new JsonObject()
                                .put("failure", failure.text())
                                .put("reproduce", failure.reproduce())
                                .toString()
                        : "reproduce: " + failure.reproduce());
        console.error(failure.text());
    }
}
