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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
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
    /** After so many the next ones get a new database: scans read all that there is. */
    private static final int A_DATABASE = 250;

    private final Orders orders;
    private final Map<Anomaly, Integer> shown = new EnumMap<>(Anomaly.class);
    private int runs;
    private int failures;

    private Interleavings(AnomalyScript script, IsolationLevel level, Orders orders) {
        this.script = script;
        this.level = level;
        this.orders = orders;
    }

    /** All of them. */
    public static Interleavings all(AnomalyScript script, IsolationLevel level) {
        return new Interleavings(script, level, new Orders(lengths(script), List.of(), (i, a, j, b) -> false));
    }

    /** Of those that are the same but for the transactions' and keys' names, or for the order of reads, a few. */
    public static Interleavings merged(AnomalyScript script, IsolationLevel level) {
        return new Interleavings(script, level, new Orders(lengths(script), script.symmetries(), script::isFreeSwap));
    }

    private static int[] lengths(AnomalyScript script) {
        return script.transactions().stream().mapToInt(List::size).toArray();
    }

    /** In how many interleavings each anomaly shows. */
    public Map<Anomaly, Integer> shown() {
        return shown;
    }

    /** How many interleavings have been run, or are the same as one that has been or will be. */
    public long covered() {
        return orders.passed();
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
        while (advance()) {
            // Some more each time.
        }
    }

    /**
     * Runs some more.
     *
     * @return whether there may be others
     * @throws IsolationFailure if an interleaving shows what the level forbids
     */
    public boolean advance() {
        List<int[]> some = new ArrayList<>();
        while (some.size() < A_DATABASE && orders.next()) {
            some.add(orders.order());
        }
        play(some);
        return some.size() == A_DATABASE;
    }

    /**
     * Runs a single one.
     *
     * @param order whose step comes when, a digit each
     * @throws IllegalArgumentException if that is no order of the script's steps
     * @throws IsolationFailure if it shows what the level forbids
     */
    public void only(String order) {
        int[] steps = order.chars().map(digit -> digit - '0').toArray();
        int[] left = lengths(script);
        for (int session : steps) {
            if (session < 0 || session >= left.length || --left[session] < 0) {
                throw new IllegalArgumentException(order + " is no order of the steps of \"" + script.name() + "\"");
            }
        }
        if (Arrays.stream(left).sum() > 0) {
            throw new IllegalArgumentException(order + " leaves steps of \"" + script.name() + "\" out");
        }
        play(List.of(steps));
    }

    private void play(List<int[]> some) {
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
            for (int i = 0; i < some.size(); i++) {
                one(database, scheduler, players, some.get(i), (long) i * AnomalyScript.WIDTH);
            }
            players.forEach(Player::end);
            clients.forEach(Client::join);
            database.close();
        });
    }

    private static String label(int session) {
        return "session " + session;
    }

    private void one(Database database, SimScheduler scheduler, List<Player> players, int[] order, long first) {
        History history = new History();
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
                        scheduler.achieved();
                        requireHolders(players, sessions, given, order, first);
                        more = true;
                    }
                }
            }
        }
        if (players.stream().anyMatch(Player::isBusy)) {
            throw new IsolationFailure(
                    name(order),
                    level,
                    new IllegalStateException("somebody waits when all others have ended"),
                    history);
        }
        judge(database, history, order, first);
    }

    /** As {@link IsolationCampaign#only} takes it. */
    private String name(int[] order) {
        return script.name() + "/" + level + "/"
                + Arrays.stream(order).mapToObj(String::valueOf).collect(Collectors.joining());
    }

    /** Who waits for a list waits because another has written to it or locked it. */
    private void requireHolders(
            List<Player> players, List<ListSession> sessions, int[] given, int[] order, long first) {
        for (int i = 0; i < players.size(); i++) {
            if (players.get(i).isBusy()) {
                ListSession waiting = sessions.get(i);
                String step = script.transactions().get(i).get(given[i] - 1);
                long key = AnomalyScript.key(step, first);
                if (sessions.stream().noneMatch(other -> other != waiting && other.holds(key))) {
                    throw new IsolationFailure(
                            name(order),
                            level,
                            new IllegalStateException("nobody holds what " + step + " waits for"),
                            waiting.history());
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
            Set<String> waiting = database.lockWaits().stream()
                    .map(wait -> Recorded.sessionOf(wait.label()))
                    .collect(Collectors.toSet());
            if (busy.stream().allMatch(i -> waiting.contains(label(i)))) {
                return;
            }
            scheduler.spin(turn++);
        }
    }

    private void judge(Database database, History history, int[] order, long first) {
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
            throw new IsolationFailure(name(order), level, forbidden, history, contents);
        }
        if (history.transactions().stream().anyMatch(Recorded::hasFailed)) {
            failures++;
        }
    }
}
