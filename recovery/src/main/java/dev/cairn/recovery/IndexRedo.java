package dev.cairn.recovery;

import dev.cairn.storage.btree.BTreePage;
import dev.cairn.storage.memory.PageBuffer;
import dev.cairn.storage.page.FileHeaderPage;
import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecord.IndexAbsorb;
import dev.cairn.wal.record.WalRecord.IndexDelete;
import dev.cairn.wal.record.WalRecord.IndexDownlink;
import dev.cairn.wal.record.WalRecord.IndexExtend;
import dev.cairn.wal.record.WalRecord.IndexInsert;
import dev.cairn.wal.record.WalRecord.IndexRoot;
import dev.cairn.wal.record.WalRecord.IndexSplit;
import dev.cairn.wal.record.WalRecord.IndexUnlink;
import java.util.function.Consumer;

/** What each record of an index does to each of its pages, in terms of {@link BTreePage}. Stateless. */
final class IndexRedo {

    private IndexRedo() {}

    /** The change that the record makes to its i-th page. */
    static Consumer<PageBuffer> change(WalRecord record, int i) {
        if (record instanceof IndexExtend extend) {
            return i == 0
                    ? page -> BTreePage.initFresh(page, extend.fileId(), extend.newPage())
                    : page -> FileHeaderPage.usedPages(page, extend.newPage() + 1);
        }
        if (record instanceof IndexInsert insert) {
            return page -> BTreePage.insert(page, insert.slot(), insert.key(), 0);
        }
        if (record instanceof IndexDelete delete) {
            return page -> BTreePage.remove(page, delete.slots());
        }
        if (record instanceof IndexSplit split) {
            return i == 0
                    ? Redo::imageIsMissing
                    : page -> BTreePage.splitLeft(page, split.at(), split.separator(), split.right());
        }
        if (record instanceof IndexRoot root) {
            return i == 0
                    ? Redo::imageIsMissing
                    : page -> BTreePage.initRoot(page, root.fileId(), root.level(), root.moved());
        }
        return link(record, i);
    }

    private static Consumer<PageBuffer> link(WalRecord record, int i) {
        if (record instanceof IndexDownlink link) {
            return i == 0
                    ? page -> BTreePage.insert(page, link.slot(), link.separator(), link.child())
                    : page -> BTreePage.setDownlink(page, true);
        }
        if (record instanceof IndexUnlink unlink) {
            return i == 0
                    ? page -> BTreePage.remove(page, new int[] {unlink.slot()})
                    : page -> BTreePage.setDownlink(page, false);
        }
        if (record instanceof IndexAbsorb absorb) {
            return i == 0 ? page -> BTreePage.absorb(page, absorb.high(), absorb.next()) : BTreePage::free;
        }
        throw new IllegalArgumentException("no record of an index: " + record.type());
    }
}
