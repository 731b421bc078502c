package dev.cairn.storage.base;

/** A page failed its checks: checksum, identity, format or structure. */
public final class CorruptPageException extends CorruptionException {

    private final int fileId;
    private final int pageNo;

    public CorruptPageException(int fileId, int pageNo, String expectedAndFound) {
        super("page " + pageNo + " of file " + fileId + " is corrupt: " + expectedAndFound);
        this.fileId = fileId;
        this.pageNo = pageNo;
    }

    public int fileId() {
        return fileId;
    }

    public int pageNo() {
        return pageNo;
    }
}
