package dev.cairn.wal.record;

import dev.cairn.storage.overflow.OverflowPage;
import dev.cairn.wal.record.WalRecord.*;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary records of each type. */
public final class WalRecords {

    private WalRecords() {}

    /** Records of that type; the switch has no default, so that a new type must get its generator. */
    public static Arbitrary<? extends WalRecord> of(WalRecordType type) {
        return switch (type) {
            case SEGMENT_END -> Arbitraries.just(new SegmentEnd());
            case INCARNATION -> Combinators.combine(i64(), i64(), i64()).as(Incarnation::new);
            case DURABLE_MARK -> i64().map(DurableMark::new);
            case CHECKPOINT_BEGIN ->
                Combinators.combine(i64(), number(), i64(), longs(40))
                        .as((xid, file, time, both) -> new CheckpointBegin(xid, file, time, both, both.clone()));
            case CHECKPOINT_END -> Combinators.combine(i64(), i64()).as(CheckpointEnd::new);
            case FILE_CREATE -> Combinators.combine(number(), number()).as(FileCreate::new);
            case FILE_EXTEND -> Combinators.combine(number(), number(), i64()).as(FileExtend::new);
            case FILE_DROP -> number().map(FileDrop::new);
            case PAGE_IMAGE -> Combinators.combine(number(), number()).as(PageImage::new);
            case HEAP_INSERT ->
                Combinators.combine(number(), number(), number(), u16(), i32(), u16(), data())
                        .as(HeapInsert::new);
            case HEAP_UPDATE -> update(false);
            case HEAP_HOT_UPDATE -> update(true);
            case HEAP_DELETE ->
                Combinators.combine(number(), number(), number(), u16(), i32(), u16())
                        .as(HeapDelete::new);
            case HEAP_PRUNE ->
                Combinators.combine(number(), number(), slots(), slots(), i64()).as(HeapPrune::new);
            case HEAP_FREEZE ->
                Combinators.combine(number(), number(), slots(), i64()).as(HeapFreeze::new);
            case OVERFLOW_EXTEND -> Combinators.combine(number(), number()).as(OverflowExtend::new);
            case OVERFLOW_WRITE ->
                Combinators.combine(number(), number(), chunk()).as(OverflowWrite::new);
            case OVERFLOW_DELETE -> Combinators.combine(number(), number()).as(OverflowDelete::new);
            case OVERFLOW_FREE -> Combinators.combine(number(), number()).as(OverflowFree::new);
            case INDEX_EXTEND -> Combinators.combine(number(), number()).as(IndexExtend::new);
            case INDEX_INSERT ->
                Combinators.combine(number(), number(), u16(), data()).as(IndexInsert::new);
            case INDEX_DELETE ->
                Combinators.combine(number(), number(), slots()).as(IndexDelete::new);
            case INDEX_SPLIT ->
                Combinators.combine(number(), number(), number(), u16(), data()).as(IndexSplit::new);
            case INDEX_DOWNLINK ->
                Combinators.combine(number(), number(), number(), u16(), data()).as(IndexDownlink::new);
            case INDEX_ROOT ->
                Combinators.combine(number(), number(), number(), u16()).as(IndexRoot::new);
            case INDEX_UNLINK ->
                Combinators.combine(number(), number(), number(), u16()).as(IndexUnlink::new);
            case INDEX_ABSORB ->
                Combinators.combine(number(), number(), number(), number(), data())
                        .as(IndexAbsorb::new);
            case XACT_BEGIN -> Combinators.combine(i64(), text(200)).as(XactBegin::new);
            case SUBXACT_ASSIGN ->
                Combinators.combine(i64(), i64(), number(), text(15), i64()).as(SubxactAssign::new);
            case SUBCOMMIT -> Combinators.combine(i64(), i64()).as(Subcommit::new);
            case SUBABORT -> Combinators.combine(i64(), sqlState(), i64()).as(Subabort::new);
            case COMMIT_CHILDREN -> runs().map(CommitChildren::new);
            case COMMIT ->
                Combinators.combine(i64(), i64(), i32(), i64(), runs()).as(Commit::new);
            case ABORT -> Combinators.combine(i64(), sqlState()).as(Abort::new);
            case CATALOG_CHANGE ->
                Combinators.combine(number(), number(), text(2_000)).as(CatalogChange::new);
        };
    }

    /** Records of every type. */
    public static Arbitrary<WalRecord> any() {
        return Arbitraries.of(WalRecordType.class).flatMap(type -> of(type).map(r -> (WalRecord) r));
    }

    private static Arbitrary<HeapUpdate> update(boolean hot) {
        Arbitrary<int[]> fields = i32().array(int[].class).ofSize(10);
        return Combinators.combine(fields, data())
                .as((f, data) -> new HeapUpdate(
                        f[0] & Integer.MAX_VALUE,
                        f[1] & Integer.MAX_VALUE,
                        f[2] & Integer.MAX_VALUE,
                        f[3] & 0xFFFF,
                        f[4],
                        f[5] & 0xFFFF,
                        f[6] & Integer.MAX_VALUE,
                        f[7] & 0xFFFF,
                        f[8],
                        f[9] & 0xFFFF,
                        data,
                        hot));
    }

    private static Arbitrary<OverflowPage.Chunk> chunk() {
        return Combinators.combine(i32(), number(), number(), number(), number(), u16(), data())
                .as((value, index, next, length, stored, form, data) ->
                        new OverflowPage.Chunk(value, index, next, length, stored, form & 0xFF, data));
    }

    private static Arbitrary<Long> i64() {
        return Arbitraries.longs();
    }

    private static Arbitrary<Integer> i32() {
        return Arbitraries.integers();
    }

    private static Arbitrary<Integer> number() {
        return Arbitraries.integers().greaterOrEqual(0);
    }

    private static Arbitrary<Integer> u16() {
        return Arbitraries.integers().between(0, 0xFFFF);
    }

    private static Arbitrary<byte[]> data() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    }

    private static Arbitrary<int[]> slots() {
        return u16().array(int[].class).ofMaxSize(30);
    }

    private static Arbitrary<long[]> longs(int most) {
        return i64().array(long[].class).ofMaxSize(most);
    }

    private static Arbitrary<long[]> runs() {
        return longs(20).map(a -> java.util.Arrays.copyOf(a, a.length / 2 * 2));
    }

    /** At most 4 bytes a character. */
    private static Arbitrary<String> text(int most) {
        return Arbitraries.strings().all().excludeChars(surrogates()).ofMaxLength(most);
    }

    private static char[] surrogates() {
        char[] all = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return all;
    }

    private static Arbitrary<String> sqlState() {
        return Arbitraries.strings().numeric().ofLength(5).injectNull(0.3);
    }
}
