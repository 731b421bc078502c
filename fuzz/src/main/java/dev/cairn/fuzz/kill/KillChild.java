package dev.cairn.fuzz.kill;

import dev.cairn.engine.Database;
import dev.cairn.fuzz.workload.Found;
import dev.cairn.fuzz.workload.KillSessions;
import dev.cairn.fuzz.workload.Workload;
import dev.cairn.storage.base.CrashPoint;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.wal.Durability;
import java.io.PrintStream;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that is killed. Says on standard output, a line each: {@code b SESSION COMMIT} before it commits and {@code a
 * SESSION COMMIT DURABILITY} when that was acknowledged. If it works, it never ends by itself, but for an error, with exit code {@link
 * #FAILED}, or at the point where it is to halt, with {@link #HALTED}.
 */
public final class KillChild {

    private static final Logger LOG = LoggerFactory.getLogger(KillChild.class);

    static final int FAILED = 3;
    static final int HALTED = 7;
    static final String NOWHERE = "-";

    private static final int CHECKPOINT_EVERY = 40;

    private KillChild() {}

    /** Arguments: directory, seed, workload, number of sessions, life, what to do, the point at which to halt, and its passing. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        KillSessions sessions = new KillSessions(
                Long.parseLong(arguments[1]), Workload.named(arguments[2]), Integer.parseInt(arguments[3]));
        int life = Integer.parseInt(arguments[4]);
        PrintStream out = System.out;
        Environment environment = environment(arguments[6], Integer.parseInt(arguments[7]));
        Database database = Database.open(RealDisk.create(directory), KillRounds.OPTIONS, environment);
        if (Death.Kind.valueOf(arguments[5]) == Death.Kind.REOPEN) {
            database.close();
            return;
        }
        Found start = Found.in(database);
        Announcer announcer = new Announcer(out, database);
        for (int number = 0; number < sessions.sessions(); number++) {
            int session = number;
            Thread thread =
                    new Thread(() -> sessions.run(database, start, session, life, announcer), "session-" + number);
            thread.setUncaughtExceptionHandler((dead, failure) -> {
                LOG.error("{} of life {} failed", dead.getName(), life, failure);
                Runtime.getRuntime().halt(FAILED);
            });
            thread.start();
        }
    }

    private static Environment environment(String point, int pass) {
        Environment system = Environment.system();
        return point.equals(NOWHERE)
                ? system
                : new Environment(
                        system.clock(), new HaltingScheduler(CrashPoint.named(point), pass, HALTED), system.random());
    }

    /** A line is one write to the pipe, so that lines of several threads do not mix. */
    private static final class Announcer implements KillSessions.Witness {
        private final PrintStream out;
        private final Database database;

        Announcer(PrintStream out, Database database) {
            this.out = out;
            this.database = database;
        }

        @Override
        public void committing(int session, long commit) {
            say("b " + session + " " + commit + "\n");
        }

        @Override
        public void acknowledged(int session, long commit, Durability durability) {
            say("a " + session + " " + commit + " " + durability + "\n");
            if (session == 0 && commit % CHECKPOINT_EVERY == 0) {
                database.checkpoint();
            }
        }

        private synchronized void say(String line) {
            out.print(line);
            out.flush();
        }
    }
}
