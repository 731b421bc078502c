package dev.cairn.storage.base;

import java.util.function.LongSupplier;

/** The seams besides the disk, handed down together. {@code random} gives 64 unpredictable bits a call. */
public record Environment(Clock clock, Scheduler scheduler, LongSupplier random) {}
