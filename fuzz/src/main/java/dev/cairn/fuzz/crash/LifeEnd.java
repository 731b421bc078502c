package dev.cairn.fuzz.crash;

import dev.cairn.fuzz.disk.DiskOperation;
import dev.cairn.fuzz.disk.FaultPlan;
import dev.cairn.fuzz.disk.OperationType;
import dev.cairn.fuzz.disk.SimDisk;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How a life ends, and at which operation, if the workload is not over before. One in two comes with whatever operation has a
 * drawn number, the others with the first one of a drawn type from that number on: else hardly any would come with what is
 * rare, like the sync at the end of a log segment. Short lives are as likely as long ones: some things show only if the next crash
 * comes before the next checkpoint.
 */
final class LifeEnd implements FaultPlan {

    private static final int FEW_OPERATIONS = 20;
    private static final int DOUBLINGS = 6;
    private static final List<OperationType> AIMS = Arrays.stream(OperationType.values())
            .filter(type -> type.changes() && !type.isCreation())
            .toList();

    enum Way {
        POWER_LOST,
        PROCESS_KILLED,
        /** The device reports an error when something is to become durable: the engine must stop, and reopening recover. */
        SYNC_FAILED
    }

    private final SimDisk disk;
    private final Way way;
    private final long from;
    private final @Nullable OperationType aim;
    private long at;

    private LifeEnd(SimDisk disk, Way way, long from, @Nullable OperationType aim) {
        this.disk = disk;
        this.way = way;
        this.from = from;
        this.aim = aim;
    }

    /** An end for the life that begins on that disk now; the disk brings it about. */
    static LifeEnd drawn(SimDisk disk, SplittableRandom random) {
        Way way = Way.values()[random.nextInt(Way.values().length)];
        long from = disk.operations() + 1 + random.nextInt(FEW_OPERATIONS << random.nextInt(DOUBLINGS));
        OperationType aim = random.nextBoolean() ? null : AIMS.get(random.nextInt(AIMS.size()));
        LifeEnd end = new LifeEnd(disk, way, from, aim);
        disk.faults(end);
        return end;
    }

    Way way() {
        return way;
    }

    /** The number of the operation with which it has come; 0 before. */
    long at() {
        return at;
    }

    @Override
    public Fault decide(DiskOperation operation) {
        if (at == 0 && operation.number() >= from && isAimedAt(operation)) {
            at = operation.number();
            if (way != Way.SYNC_FAILED) {
                disk.crashAt(at);
            }
        }
        return at > 0 && way == Way.SYNC_FAILED && isSync(operation.kind()) ? Fault.IO_ERROR : Fault.NONE;
    }

    private boolean isAimedAt(DiskOperation operation) {
        return aim == null ? operation.kind().changes() : aim.matches(operation);
    }

    private static boolean isSync(DiskOperation.Kind kind) {
        return kind == DiskOperation.Kind.SYNC
                || kind == DiskOperation.Kind.WRITE_THROUGH
                || kind == DiskOperation.Kind.SYNC_DIRECTORY;
    }

    @Override
    public String toString() {
        return way + (aim == null ? "" : " at " + aim.title());
    }
}
