package dev.cairn.storage.cache;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.Health;
import dev.cairn.storage.memory.IoBuffers;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.PageChecks;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageStructure;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pages in: into a private buffer, where they are judged (I9), then into the frame. What fails its checks is read
 * once more, plainly: bytes may go wrong on their way. Thread-safe.
 */
final class PageReader {

    private static final Logger LOG = LoggerFactory.getLogger(PageReader.class);
    private static final byte POISON = (byte) 0xA5;

    private final PageSource source;
    private final PageChecks checks;
    private final PageStructure structure;
    private final IoBuffers buffers;
    private final Health health;
    private final ByteBuffer poison;
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong readAgain = new AtomicLong();

    PageReader(PageSource source, PageChecks checks, PageStructure structure, IoBuffers buffers, Health health) {
        this.source = source;
        this.checks = checks;
        this.structure = structure;
        this.buffers = buffers;
        this.health = health;
        this.poison = ByteBuffer.allocateDirect(buffers.bufferBytes());
        while (poison.hasRemaining()) {
            poison.put(POISON);
        }
    }

    /** What a page-in found. */
    enum Found {
        INTACT,
        /** No byte of it was ever written, or it lies beyond the end of the file. */
        ZERO
    }

    long read() {
        return read.get();
    }

    long readAgain() {
        return readAgain.get();
    }

    /**
     * Fills the frame's page, whose latch the caller holds.
     *
     * @throws CorruptPageException if what is there is not what was written there; the page's bytes are then arbitrary
     */
    Found read(DataFile file, int pageNo, PageBuffer page) {
        ByteBuffer copy = buffers.acquire();
        try {
            Found found = readChecked(file, pageNo, copy);
            read.incrementAndGet();
            requireNotLost(file, pageNo, found == Found.ZERO ? 0 : PageHeader.pageLsn(copy));
            copy.clear();
            page.readFrom(copy);
            if (found == Found.INTACT) {
                structure.check(page);
            }
            return found;
        } finally {
            buffers.release(copy);
        }
    }

    private Found readChecked(DataFile file, int pageNo, ByteBuffer copy) {
        if (source == PageSource.MAP && readMapped(file, pageNo, copy)) {
            checks.verifyVersion(copy, file.fileId(), pageNo);
            return Found.INTACT;
        }
        boolean zero = readPlainly(file, pageNo, copy);
        if (!zero && source == PageSource.READ && checks.fault(copy, file.fileId(), pageNo) != null) {
            readAgain.incrementAndGet();
            zero = readPlainly(file, pageNo, copy);
        }
        if (zero) {
            return Found.ZERO;
        }
        checks.verify(copy, file.fileId(), pageNo);
        return Found.INTACT;
    }

    /** Whether there is nothing but zeros. */
    private static boolean readPlainly(DataFile file, int pageNo, ByteBuffer copy) {
        copy.clear();
        int bytes = file.read(pageNo, copy);
        for (int i = bytes; i < copy.capacity(); i++) {
            copy.put(i, (byte) 0);
        }
        copy.clear();
        return PageChecks.isZero(copy);
    }

    private boolean readMapped(DataFile file, int pageNo, ByteBuffer copy) {
        // A copy that breaks off must not find an older copy of the same page in the buffer and look whole.
        copy.clear();
        copy.put(0, poison, 0, poison.capacity());
        String fault;
        try {
            if (!file.copyMapped(pageNo, copy)) {
                return false;
            }
            copy.clear();
            fault = checks.fault(copy, file.fileId(), pageNo);
        } catch (DiskException e) {
            LOG.warn("page {} of {}: {}; trying a plain read", pageNo, file.name(), e.getMessage());
            fault = "unreadable";
        }
        if (fault != null) {
            readAgain.incrementAndGet();
        }
        return fault == null;
    }

    private void requireNotLost(DataFile file, int pageNo, long pageLsn) {
        long written = file.writtenPageLsn(pageNo);
        if (pageLsn < written) {
            throw health.fail(new CorruptPageException(
                    file.fileId(),
                    pageNo,
                    "a write to it was lost: its pageLsn is " + pageLsn + ", written was " + written));
        }
    }
}
