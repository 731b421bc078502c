package dev.cairn.fuzz.isolation;

import dev.cairn.engine.Database;
import dev.cairn.engine.DatabaseOptions;
import dev.cairn.engine.Transaction;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.fuzz.schedule.SimScheduler;
import dev.cairn.fuzz.schedule.SimScheduler.Client;
import dev.cairn.fuzz.schedule.SimScheduler.Disturbances;
import dev.cairn.recovery.RecoveryListener;
import dev.cairn.storage.base.Environment;
import dev.cairn.storage.base.Scheduler.Signal;
import dev.cairn.txn.IsolationLevel;
import dev.cairn.txn.LockWait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every interleaving of a script's steps at one level, each judged by itself. Steps are given one at a time; one that waits for a
 * lock is left waiting, and what its session had still to do comes when it has gone on. A step at a time, so that one
 * thread's steps never run beside another's: the seed of the schedule does not matter.
 */
public final class Interleavings {

    private static final DatabaseOptions OPTIONS =
            DatabaseOptions.builder().segmentBytes(1 << 20).build();

    private final AnomalyScript script;
    private final IsolationLevel level;
    private final Map<Anomaly, Integer> shown = new EnumMap<>(Anomaly.class);
    private int runs;
    private int failures;

    public Interleavings(AnomalyScript script, IsolationLevel level) {
        this.script = script;
        this.level = level;
    }

    /** In how many interleavings each anomaly shows. */
    public Map<Anomaly, Integer> shown() {
        return shown;
    }

    /** How many have been run. */
    public int runs() {
        return runs;
    }

    /** In how many somebody failed. */
    public int failures() {
        return failures;
    }

    /** One of the sessions, on a thread of its own. */
    private static final class Player {
        private final Signal signal;
        private @Nullable Runnable step;
        private boolean over;

        Player(Signal signal) {
            this.signal = signal;
        }

        void play() {
            while (!over) {
                signal.awaitUninterruptibly(() -> step != null || over);
                if (step != null) {
                    step.run();
                    step = null;
                }
            }
        }

        void give(Runnable next) {
            step = next;
            signal.signalAll();
        }

        void end() {
            over = true;
            signal.signalAll();
        }

        boolean isBusy() {
            return step != null;
        }
    }

    /** @throws IsolationFailure if an interleaving shows what the level forbids */
    public void run() {
        SimScheduler scheduler = new SimScheduler(1, Disturbances.NONE);
        Environment environment = new Environment(scheduler.clock(), scheduler, new SplittableRandom(1)::nextLong);
        scheduler.run(() -> {
            Database database = Database.open(new SimDisk(), OPTIONS, environment, RecoveryListener.SILENT);
            ListTable.create(database);
            List<Player> players = new ArrayList<>();
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < script.transactions().size(); i++) {
                Player player = new Player(scheduler.newSignal());
                players.add(player);
                clients.add(scheduler.fork(label(i), player::play));
            }
            int[] left = script.transactions().stream().mapToInt(List::size).toArray();
            eachOrder(left, new int[Arrays.stream(left).sum()], 0, order -> one(database, scheduler, players, order));
            players.forEach(Player::end);
            clients.forEach(Client::join);
            database.close();
        });
    }

    private static String label(int session) {
        return "session " + session;
    }

    private static void eachOrder(int[] left, int[] order, int length, Consumer<int[]> visit) {
        if (length == order.length) {
            visit.accept(order);
            return;
        }
        for (int i = 0; i < left.length; i++) {
            if (left[i] > 0) {
                left[i]--;
                order[length] = i;
                eachOrder(left, order, length + 1, visit);
                left[i]++;
            }
        }
    }

    private void one(Database database, SimScheduler scheduler, List<Player> players, int[] order) {
        History history = new History();
        long first = (long) runs * AnomalyScript.WIDTH;
        runs++;
        fill(database, history, first);
        List<ListSession> sessions = new ArrayList<>();
        for (int i = 0; i < players.size(); i++) {
            sessions.add(new ListSession(database, history, label(i), level));
        }
        int[] given = new int[players.size()];
        int[] owed = new int[players.size()];
        for (int session : order) {
            owed[session]++;
            boolean more = true;
            while (more) {
                more = false;
                for (int i = 0; i < owed.length; i++) {
                    if (owed[i] > 0 && !players.get(i).isBusy()) {
                        owed[i]--;
                        String step = script.transactions().get(i).get(given[i]++);
                        ListSession target = sessions.get(i);
                        players.get(i).give(() -> AnomalyScript.run(step, target, first));
                        settle(database, scheduler, players);
                        requireHolders(players, sessions, given, first);
                        more = true;
                    }
                }
            }
        }
        if (players.stream().anyMatch(Player::isBusy)) {
            throw new IllegalStateException(
                    script.name() + " at " + level + ", order " + runs + ": somebody waits when all others have ended");
        }
        judge(database, history, first);
    }

    /** Who waits for a list waits because another has written to it or locked it. */
    private void requireHolders(List<Player> players, List<ListSession> sessions, int[] given, long first) {
        for (int i = 0; i < players.size(); i++) {
            if (players.get(i).isBusy()) {
                ListSession waiting = sessions.get(i);
                String step = script.transactions().get(i).get(given[i] - 1);
                long key = AnomalyScript.key(step, first);
                if (sessions.stream().noneMatch(other -> other != waiting && other.holds(key))) {
                    throw new IllegalStateException(script.name() + " at " + level + ", order " + runs
                            + ": nobody holds what " + step + " waits for");
                }
            }
        }
    }

    private void fill(Database database, History history, long first) {
        ListSession session = new ListSession(database, history, "fill", level);
        for (int key = 0; key < 3; key++) {
            session.append(first + key, true);
        }
        session.commit();
    }

    /** Returns when each session is idle or waits for a lock. */
    private static void settle(Database database, SimScheduler scheduler, List<Player> players) {
        int turn = 0;
        while (true) {
            List<Integer> busy = new ArrayList<>();
            for (int i = 0; i < players.size(); i++) {
                if (players.get(i).isBusy()) {
                    busy.add(i);
                }
            }
            if (busy.isEmpty()) {
                return;
            }
            Set<String> waiting =
                    database.lockWaits().stream().map(LockWait::label).collect(Collectors.toSet());
            if (busy.stream().allMatch(i -> waiting.contains(label(i)))) {
                return;
            }
            scheduler.spin(turn++);
        }
    }

    private void judge(Database database, History history, long first) {
        Map<Long, List<Long>> contents;
        try (Transaction transaction = database.begin()) {
            contents = new ListTable(transaction).read(first, first + AnomalyScript.WIDTH - 1);
        }
        IsolationChecker checker = new IsolationChecker(history, contents);
        List<Violation> found = checker.check();
        found.stream().map(Violation::anomaly).distinct().forEach(anomaly -> shown.merge(anomaly, 1, Integer::sum));
        List<Violation> forbidden = found.stream()
                .filter(violation -> !violation.anomaly().isAllowedAt(level))
                .toList();
        if (!forbidden.isEmpty()) {
            throw new IsolationFailure(runs, level, forbidden, history, contents);
        }
        if (history.transactions().stream().anyMatch(Recorded::hasFailed)) {
            failures++;
        }
    }
}
