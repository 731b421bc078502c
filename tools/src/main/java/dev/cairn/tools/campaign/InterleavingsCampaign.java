package dev.cairn.tools.campaign;

import dev.cairn.fuzz.isolation.IsolationCampaign;
import dev.cairn.fuzz.isolation.IsolationCampaign.Part;
import dev.cairn.fuzz.isolation.IsolationFailure;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;

/**
 * The campaign "interleavings": every order of the steps of three transactions of five steps, each script at each level, until
 * all are done or the time is over.
 */
final class InterleavingsCampaign {

    private final Console console;
    private final long seconds;
    private long begun;
    private long toldNanos;
    private long runs;
    private long covered;
    private long whole;
    private long untold;

    /** @param seconds no more are begun later than this; 0 for no limit */
    InterleavingsCampaign(Console console, long seconds) {
        this.console = console;
        this.seconds = seconds;
    }

    int run() {
        begun = System.nanoTime();
        try {
            new IsolationCampaign()
                    .longInterleavings(() -> seconds == 0 || secondsSince() < seconds, this::tell, this::progress);
        } catch (IsolationFailure e) {
            console.line("reproduce: ./cairn fuzz isolation --only='" + e.name() + "'");
            console.error(String.valueOf(e.getMessage()));
            console.line("campaign: interleavings FAILED runs=" + runs + " seconds=" + secondsSince());
            return ExitCode.FAILED;
        }
        boolean ok = untold == 0;
        console.line("campaign: interleavings " + (ok ? "ok" : "FAILED") + " runs=" + runs + " covered=" + covered
                + " whole=" + whole + " seconds=" + secondsSince());
        return ok ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** A script that never shows what the level allows has shown nothing of the other levels either. */
    private void tell(Part part) {
        runs += part.runs();
        covered += part.covered();
        if (part.isWhole()) {
            whole++;
            if (!part.isTelling()) {
                untold++;
                console.error(part.script().name() + " at " + part.level() + " never shows "
                        + part.script().shows());
            }
        }
        if (part.runs() > 0) {
            console.line("| " + part.script().name() + " | " + part.level() + " | " + part.runs() + " | "
                    + part.covered() + " | " + part.failures() + " | " + part.shown() + " |");
        }
    }

    private void progress(String text) {
        long now = System.nanoTime();
        if (now - toldNanos > 1_000_000_000L) {
            toldNanos = now;
            console.progress(text);
        }
    }

    private long secondsSince() {
        return (System.nanoTime() - begun) / 1_000_000_000L;
    }
}
