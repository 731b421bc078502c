package dev.cairn.storage.page;

import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.base.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Seals pages before they are written and judges what was read: checksum, then identity and format (I9). Works on private
 * copies in little-endian buffers whose limit is the page size, from position 0; leaves position and limit alone. Never to
 * be used on a mapping. Immutable, thread-safe.
 */
public final class PageChecks {

    private final long databaseSeed;

    /** @param databaseSeed of the database's id, so that another database's pages never pass */
    public PageChecks(long databaseSeed) {
        this.databaseSeed = databaseSeed;
    }

    /** Writes the page's checksum into it. */
    public void seal(ByteBuffer page) {
        page.putInt(PageHeader.CHECKSUM, checksum(page));
    }

    /**
     * Judges bytes that were read as page {@code pageNo} of file {@code fileId}. An all-zero page is at fault, too: whether
     * one is legal, the caller knows.
     *
     * @throws CorruptPageException if they are not what was written there
     * @throws FormatVersionException if they are, but by another version
     */
    public void verify(ByteBuffer page, int fileId, int pageNo) {
        String fault = fault(page, fileId, pageNo);
        if (fault != null) {
            throw new CorruptPageException(fileId, pageNo, fault);
        }
        verifyVersion(page, fileId, pageNo);
    }

    /**
     * The last check, of a page that is not at {@link #fault}.
     *
     * @throws FormatVersionException if another version of the format wrote it
     */
    public void verifyVersion(ByteBuffer page, int fileId, int pageNo) {
        int version = page.getShort(PageHeader.VERSION) & 0xFFFF;
        if (version != PageHeader.FORMAT_VERSION) {
            throw new FormatVersionException("page " + pageNo + " of file " + fileId + " has format version " + version
                    + ", which is too " + (version > PageHeader.FORMAT_VERSION ? "new" : "old")
                    + ": this build reads version " + PageHeader.FORMAT_VERSION);
        }
    }

    /** What is wrong with the page, expected and found; null if checksum, file, page number and kind are right. */
    public @Nullable String fault(ByteBuffer page, int fileId, int pageNo) {
        int found = page.getInt(PageHeader.CHECKSUM);
        int expected = checksum(page);
        if (found != expected) {
            return isZero(page)
                    ? "it is all zeros"
                    : "its checksum is " + Integer.toHexString(found) + ", its bytes have "
                            + Integer.toHexString(expected);
        }
        int foundFile = page.getInt(PageHeader.FILE_ID);
        int foundPage = page.getInt(PageHeader.PAGE_NO);
        if (foundFile != fileId || foundPage != pageNo) {
            return "it is page " + Integer.toUnsignedString(foundPage) + " of file "
                    + Integer.toUnsignedString(foundFile);
        }
        int kind = page.get(PageHeader.KIND) & 0xFF;
        return PageKind.of(kind) == null ? "its kind is " + kind + ", which there is not" : null;
    }

    /** Whether every byte below the limit is zero. */
    public static boolean isZero(ByteBuffer page) {
        int at = 0;
        for (; at <= page.limit() - Long.BYTES; at += Long.BYTES) {
            if (page.getLong(at) != 0) {
                return false;
            }
        }
        for (; at < page.limit(); at++) {
            if (page.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private int checksum(ByteBuffer page) {
        if (page.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("pages are little-endian");
        }
        int position = page.position();
        int found = page.getInt(PageHeader.CHECKSUM);
        page.putInt(PageHeader.CHECKSUM, 0);
        page.position(0);
        int crc = Crc.of(databaseSeed, page);
        page.position(position);
        page.putInt(PageHeader.CHECKSUM, found);
        return crc;
    }
}
