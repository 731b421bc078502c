package dev.cairn.example;

import dev.cairn.engine.Database;
import dev.cairn.engine.Transaction;
import dev.cairn.example.JobQueue.State;
import dev.cairn.fuzz.api.Acknowledged;
import dev.cairn.fuzz.api.CrashWorkload;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the queue does all day, and what must be true of it after a crash. */
public class JobQueueWorkload implements CrashWorkload<JobQueueWorkload.Note> {

    /** What a step has done: this job now has that state. */
    public record Note(long job, State state) {}

    @Override
    public void setUp(Transaction tx) {
        new JobQueue(tx).create();
    }

    @Override
    public @Nullable Note step(Transaction tx, RandomGenerator random) {
        JobQueue queue = new JobQueue(tx);
        if (random.nextInt(2) == 0) {
            return new Note(queue.add(), State.READY);
        }
        boolean fails = random.nextInt(3) == 0;
        long job = queue.work(id -> result(id, fails)).orElse(0);
        return job == 0 ? null : new Note(job, fails ? State.FAILED : State.DONE);
    }

    private static String result(long job, boolean fails) {
        if (fails) {
            throw new IllegalStateException("the worker is not well");
        }
        return "result of " + job;
    }

    @Override
    public void check(Database db, Acknowledged<Note> acknowledged) {
        try (Transaction tx = db.begin()) {
            JobQueue queue = new JobQueue(tx);
            Map<Long, State> found = queue.states();
            List<Map<Long, State>> legal = acknowledged.outcomes().stream()
                    .map(JobQueueWorkload::states)
                    .toList();
            if (!legal.contains(found)) {
                throw new AssertionError("expected one of " + legal + ", found " + found);
            }
            Map<Long, String> results = found.entrySet().stream()
                    .filter(entry -> entry.getValue() == State.DONE)
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> "result of " + entry.getKey()));
            if (!results.equals(queue.results())) {
                throw new AssertionError("expected the results " + results + ", found " + queue.results());
            }
        }
    }

    private static Map<Long, State> states(List<Note> notes) {
        Map<Long, State> states = new TreeMap<>();
        notes.forEach(note -> states.put(note.job(), note.state()));
        return states;
    }
}
