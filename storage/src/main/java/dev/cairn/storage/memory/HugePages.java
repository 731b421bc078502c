package dev.cairn.storage.memory;

import java.util.Locale;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.posix.MAdviseFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.PosixRuntimeException;

/**
 * Asks Linux to back memory with pages of 2 MiB instead of 4 KiB, of which the processor knows where far more memory lies at a time. That
 * takes a native call, which is possible if {@code com.github.jnr:jnr-ffi} is on the class path.
 */
final class HugePages {

    private static final boolean LINUX =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");

    private HugePages() {}

    /**
     * For all pages of the system that lie within a stretch of memory.
     *
     * @return whether Linux has taken notice; it then does so as it finds 2 MiB in one piece
     */
    static boolean advise(long address, long bytes) {
        return LINUX && isNativePossible() && adviseNatively(address, bytes);
    }

    private static boolean isNativePossible() {
        try {
            return PosixAPI.posix().getpid() != 0;
        } catch (PosixRuntimeException e) {
            return false;
        }
    }

    private static boolean adviseNatively(long address, long bytes) {
        long page = UnsafeMemory.UNSAFE.pageSize();
        long from = (address + page - 1) & -page;
        long to = (address + bytes) & -page;
        return PosixAPI.posix().madvise(from, to - from, MAdviseFlag.MADV_HUGEPAGE) == 0;
    }
}
