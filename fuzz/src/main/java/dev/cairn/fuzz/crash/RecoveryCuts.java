package dev.cairn.fuzz.crash;

import dev.cairn.fuzz.disk.DiskHook;
import dev.cairn.fuzz.disk.DiskOperation;
import dev.cairn.fuzz.disk.DiskOperation.Kind;
import dev.cairn.fuzz.disk.SimDisk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what a crash at each operation of one recovery could leave: all old, all new, and each prefix; each image once. */
public final class RecoveryCuts implements DiskHook {

    /** An image, and how it came about. */
    record Cut(SimDisk image, @Nullable DiskOperation during, Object choice) {
        @Override
        public String toString() {
            return "recovery crashed " + (during == null ? "at its end" : "during " + during) + ", " + choice;
        }
    }

    private final List<Cut> cuts = new ArrayList<>();
    private final Set<Long> seen = new HashSet<>();
    private boolean settled;

    /** @param from the image that is recovered: nothing of it is undecided */
    RecoveryCuts(SimDisk from) {
        seen.add(from.contentHash());
    }

    @Override
    public void during(SimDisk disk, DiskOperation operation) {
        if (settled) {
            CrashStates.prefixes(disk, (image, choice) -> add(image, operation, choice));
        } else {
            // All other prefixes are those of the operation before.
            CrashStates.newest(disk, (image, choice) -> add(image, operation, choice));
        }
        settled = operation.kind() == Kind.SYNC
                || operation.kind() == Kind.SYNC_DIRECTORY
                || operation.kind() == Kind.WRITE_THROUGH;
    }

    /** Recovery is over. */
    void atEnd(SimDisk disk) {
        CrashStates.prefixes(disk, (image, choice) -> add(image, null, choice));
    }

    List<Cut> cuts() {
        return cuts;
    }

    private void add(SimDisk image, @Nullable DiskOperation operation, Object choice) {
        if (seen.add(image.contentHash())) {
            cuts.add(new Cut(image, operation, choice));
        }
    }
}
