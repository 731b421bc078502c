package dev.cairn.fuzz.fault;

import dev.cairn.fuzz.disk.DiskOperation;
import dev.cairn.fuzz.disk.FaultPlan;
import dev.cairn.fuzz.disk.SimDisk;
import dev.cairn.storage.base.MemoryGate;

/** One fault, at the n-th operation of a type from now on. Also counts the allocations of memory. Used by one thread. */
final class PlannedFault implements FaultPlan, MemoryGate {

    private final FaultMatrix.Cell cell;
    private final SimDisk disk;
    private final Runnable atStart;
    private final int last;
    private int toGo;
    private int times;

    /**
     * @param nth from 1
     * @param lasts how many operations in succession fail, where it is a matter of time
     * @param atStart called when the fault happens for the first time
     */
    PlannedFault(FaultMatrix.Cell cell, SimDisk disk, int nth, int lasts, Runnable atStart) {
        this.cell = cell;
        this.disk = disk;
        this.toGo = nth;
        this.last = cell.fault() == FaultClass.DISK_FULL ? lasts : 1;
        this.atStart = atStart;
    }

    boolean hasHappened() {
        return times > 0;
    }

    @Override
    public Fault decide(DiskOperation operation) {
        if (!cell.type().matches(operation) || !isNow()) {
            return Fault.NONE;
        }
        if (cell.fault().isDeath()) {
            disk.crashAt(operation.number());
            return Fault.NONE;
        }
        Fault fault = cell.fault().fault();
        return fault == null ? Fault.NONE : fault;
    }

    @Override
    public void taking(long bytes) {
        if (cell.fault() == FaultClass.OUT_OF_MEMORY && isNow()) {
            throw new OutOfMemoryError("no memory for " + bytes + " bytes, as planned");
        }
    }

    private boolean isNow() {
        if (toGo > 1) {
            toGo--;
            return false;
        }
        if (times >= last || cell.fault().isAtRest()) {
            return false;
        }
        if (times++ == 0) {
            atStart.run();
        }
        return true;
    }
}
