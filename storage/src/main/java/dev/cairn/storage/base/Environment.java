package dev.cairn.storage.base;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** The seams besides the disk, handed down together. {@code random} gives 64 unpredictable bits a call. */
public record Environment(Clock clock, Scheduler scheduler, LongSupplier random, MemoryGate memory, PageWitness pages) {

    /** With nobody watching the pages. */
    public Environment(Clock clock, Scheduler scheduler, LongSupplier random, MemoryGate memory) {
        this(clock, scheduler, random, memory, PageWitness.NONE);
    }

    /** With all the memory that the machine has. */
    public Environment(Clock clock, Scheduler scheduler, LongSupplier random) {
        this(clock, scheduler, random, MemoryGate.OPEN);
    }

    /** The machine's clocks, real threads, and a cryptographically strong random source. */
    public static Environment system() {
        return new Environment(new SystemClock(), new ThreadScheduler(), new SecureRandom()::nextLong);
    }
}
