package dev.cairn.fuzz.conformance;

import dev.cairn.txn.LockWait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario's steps one after another. After each, every session has finished its step or waits for a lock, which the
 * database itself tells: so what blocks and what wakes is seen, not guessed from the time it takes.
 */
final class Replay {

    /** A session that neither finishes nor waits for a lock after so many looks hangs. */
    private static final long MOST_LOOKS = 600_000;

    private static final long LOOK_NANOS = 100_000;

    private final ReplayDatabase target;

    Replay(ReplayDatabase target) {
        this.target = target;
    }

    /** @throws Mismatch where the first step went otherwise than recorded */
    void strict(Scenario scenario) throws Mismatch {
        List<SessionThread> sessions = target.sessions(scenario.sessions());
        Map<Integer, Step> blocked = new TreeMap<>();
        try {
            target.prepare(scenario);
            for (int i = 0; i < scenario.steps().size(); i++) {
                strictStep(scenario.steps().get(i), i, sessions, blocked);
            }
            cleanUp(sessions, new ArrayList<>());
            Map<String, List<List<Long>>> found = target.contents(scenario);
            if (!found.equals(scenario.contents())) {
                throw new Mismatch("afterwards: expected " + scenario.contents() + ", found " + found);
            }
        } finally {
            cleanUp(sessions, new ArrayList<>());
            target.drop(scenario);
        }
    }

    private void strictStep(Step step, int index, List<SessionThread> sessions, Map<Integer, Step> blocked)
            throws Mismatch {
        SessionThread session = sessions.get(step.session() - 1);
        String where = "step " + index + " " + step;
        session.start(step);
        settle(sessions);
        Expected expected = step.expected();
        if (expected.blocked()) {
            if (!session.isBusy()) {
                throw new Mismatch(where + ": expected to block, found " + session.result());
            }
            blocked.put(step.session(), step);
            return;
        }
        if (session.isBusy()) {
            throw new Mismatch(where + ": expected " + expected + ", but it waits: "
                    + target.database().lockWaits());
        }
        compare(where, expected, session.result());
        for (Step.Wake wake : step.wakes()) {
            SessionThread woken = sessions.get(wake.session() - 1);
            Step waiting = blocked.remove(wake.session());
            if (woken.isBusy()) {
                throw new Mismatch(where + ": should have woken " + waiting + "; "
                        + target.database().lockWaits());
            }
            compare(where + " woke " + waiting, wake.expected(), woken.result());
        }
        for (Map.Entry<Integer, Step> waiting : blocked.entrySet()) {
            SessionThread other = sessions.get(waiting.getKey() - 1);
            if (!other.isBusy()) {
                throw new Mismatch(
                        where + ": woke " + waiting.getValue() + ", which should wait on: " + other.result());
            }
        }
    }

    private static void compare(String where, Expected expected, Expected found) throws Mismatch {
        if (!expected.matches(found)) {
            throw new Mismatch(where + ": expected " + expected + ", found " + found);
        }
    }

    /** Runs what can be run, whatever it gives. */
    SerialHistory lenient(Scenario scenario) throws Mismatch {
        List<SessionThread> sessions = target.sessions(scenario.sessions());
        List<SerialHistory.Done> done = new ArrayList<>();
        try {
            target.prepare(scenario);
            Map<Integer, Step> running = new TreeMap<>();
            for (Step step : scenario.steps()) {
                if (!running.containsKey(step.session()) && !step.op().equals("stats")) {
                    sessions.get(step.session() - 1).start(step);
                    settle(sessions);
                    running.put(step.session(), step);
                    collect(sessions, running, step, done);
                }
            }
            cleanUp(sessions, done, running);
            return new SerialHistory(scenario, done, target.contents(scenario));
        } finally {
            cleanUp(sessions, new ArrayList<>());
            target.drop(scenario);
        }
    }

    /** What the step itself gave comes before what it released. */
    private static void collect(
            List<SessionThread> sessions,
            Map<Integer, Step> running,
            @Nullable Step first,
            List<SerialHistory.Done> done) {
        List<Integer> order = new ArrayList<>();
        if (first != null) {
            order.add(first.session());
        }
        running.keySet().stream().filter(session -> !order.contains(session)).forEach(order::add);
        for (int session : order) {
            SessionThread thread = sessions.get(session - 1);
            Step step = running.get(session);
            if (step != null && !thread.isBusy()) {
                running.remove(session);
                done.add(new SerialHistory.Done(step, thread.result()));
            }
        }
    }

    /** Returns when each session is idle or waits for a lock. */
    private void settle(List<SessionThread> sessions) throws Mismatch {
        long looks = 0;
        while (true) {
            // Who is busy is noted before who waits: what has ended by then has released whom it releases.
            List<SessionThread> busy =
                    sessions.stream().filter(SessionThread::isBusy).toList();
            if (busy.isEmpty()) {
                return;
            }
            Set<String> waiting =
                    target.database().lockWaits().stream().map(LockWait::label).collect(Collectors.toSet());
            List<SessionThread> running = busy.stream()
                    .filter(session -> !waiting.contains(session.label()))
                    .toList();
            if (running.isEmpty()) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            if (++looks > MOST_LOOKS) {
                throw new Mismatch(running.get(0).label() + " neither finishes nor waits for a lock");
            }
        }
    }

    private void cleanUp(List<SessionThread> sessions, List<SerialHistory.Done> done) throws Mismatch {
        cleanUp(sessions, done, new TreeMap<>());
    }

    /** Rolls back the free sessions first, which may release others, then interrupts what still waits. */
    private void cleanUp(List<SessionThread> sessions, List<SerialHistory.Done> done, Map<Integer, Step> running)
            throws Mismatch {
        boolean more = true;
        while (more) {
            // Who is released by this pass has a transaction to be rolled back in the next.
            more = sessions.stream().anyMatch(SessionThread::isBusy);
            for (SessionThread session : sessions) {
                if (!session.isBusy()) {
                    session.session().rollback();
                }
            }
            settle(sessions);
            collect(sessions, running, null, done);
            SessionThread stuck =
                    sessions.stream().filter(SessionThread::isBusy).findFirst().orElse(null);
            if (stuck != null) {
                stuck.interrupt();
                while (stuck.isBusy()) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
    }
}
