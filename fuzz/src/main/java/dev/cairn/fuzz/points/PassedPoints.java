package dev.cairn.fuzz.points;

import dev.cairn.storage.base.CrashPoint;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The points that a simulated run has passed since it last changed the disk. Used by one thread at a time. */
public final class PassedPoints implements Consumer<CrashPoint> {

    private final EnumSet<CrashPoint> passed = EnumSet.noneOf(CrashPoint.class);
    private LongSupplier operations = () -> 0;
    private long lastOperation;

    /** @param count how many operations have changed the disk so far */
    public void watch(LongSupplier count) {
        operations = count;
        lastOperation = count.getAsLong();
        passed.clear();
    }

    @Override
    public void accept(CrashPoint point) {
        forgetBefore(operations.getAsLong());
        passed.add(point);
    }

    /** Those that a crash in the middle of this operation on the disk, or right before it, has met. */
    public Set<CrashPoint> before(long operation) {
        forgetBefore(operation - 1);
        return passed;
    }

    private void forgetBefore(long operation) {
        if (operation > lastOperation) {
            lastOperation = operation;
            passed.clear();
        }
    }
}
