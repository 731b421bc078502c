package dev.cairn.tools.log;

import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalEnd;
import java.util.concurrent.TimeUnit;

/** Waits at a log's end for more of it, looking every {@value #PAUSE_MILLIS} ms, until the thread is interrupted. */
final class LogFollower {

    private static final long PAUSE_MILLIS = 200;

    private final LogDirectory log;
    private final LogVisitor visitor;
    private final Console console;

    LogFollower(LogDirectory log, LogVisitor visitor, Console console) {
        this.log = log;
        this.visitor = visitor;
        this.console = console;
    }

    int follow(WalEnd reached) {
        WalEnd end = reached;
        boolean[] stopped = {false};
        while (!stopped[0]) {
            console.out().flush();
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return ExitCode.DONE;
            }
            end = log.readFrom(end.lsn(), end.incarnation(), new LogVisitor() {
                @Override
                public boolean record(LoggedRecord record) {
                    stopped[0] = !visitor.record(record);
                    return !stopped[0];
                }

                @Override
                public void gap(LogGap gap) {
                    visitor.gap(gap);
                }
            });
        }
        return ExitCode.DONE;
    }
}
