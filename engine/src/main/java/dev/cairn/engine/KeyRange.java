package dev.cairn.engine;

import dev.cairn.storage.btree.KeyCodec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of an index. A bound has values for the index's first columns, as many as it has: all keys that begin with them
 * are at the bound. Bounds are in the order of the index, so with a descending column the first one has the greater value.
 * Immutable.
 */
public final class KeyRange {

    private record Bound(List<@Nullable Object> values, boolean inclusive) {}

    private final String index;
    private final @Nullable Bound first;
    private final @Nullable Bound last;
    private final boolean backwards;

    private KeyRange(String index, @Nullable Bound first, @Nullable Bound last, boolean backwards) {
        this.index = index;
        this.first = first;
        this.last = last;
        this.backwards = backwards;
    }

    /** All keys of an index, by its name. */
    public static KeyRange all(String index) {
        return new KeyRange(index, null, null, false);
    }

    /** The keys that begin with those values. */
    public static KeyRange prefix(String index, @Nullable Object... values) {
        return all(index).from(values).to(values);
    }

    /** From the bound on, keys at the bound included. */
    public KeyRange from(@Nullable Object... values) {
        return new KeyRange(index, bound(values, true), last, backwards);
    }

    /** From the bound on, keys at the bound not included. */
    public KeyRange after(@Nullable Object... values) {
        return new KeyRange(index, bound(values, false), last, backwards);
    }

    /** Up to the bound, keys at the bound included. */
    public KeyRange to(@Nullable Object... values) {
        return new KeyRange(index, first, bound(values, true), backwards);
    }

    /** Up to the bound, keys at the bound not included. */
    public KeyRange before(@Nullable Object... values) {
        return new KeyRange(index, first, bound(values, false), backwards);
    }

    /** The same keys from the last to the first. */
    public KeyRange reversed() {
        return new KeyRange(index, first, last, !backwards);
    }

    private static Bound bound(@Nullable Object[] values, boolean inclusive) {
        return new Bound(Collections.unmodifiableList(Arrays.asList(values.clone())), inclusive);
    }

    /** The index's name. */
    public String index() {
        return index;
    }

    boolean isBackwards() {
        return backwards;
    }

    /** The one key that is in the range with all its columns, without a row id; null if others may be, too. */
    byte @Nullable [] wholeKey(IndexInfo info) {
        Bound from = first;
        Bound to = last;
        if (from == null || to == null || !from.inclusive || !to.inclusive) {
            return null;
        }
        boolean single = from.values.size() == info.index().parts().size()
                && from.values.equals(to.values)
                && !from.values.contains(null);
        return single
                ? info.putPrefix(new KeyCodec(), from.values, from.values.size())
                        .toBytes()
                : null;
    }

    /** Puts the first key; false if no key can be in the range. */
    boolean putFirst(KeyCodec codec, IndexInfo info) {
        return first == null || info.putBound(codec, first.values, !first.inclusive);
    }

    /** Puts the first key beyond the range; false if there is none. */
    boolean putEnd(KeyCodec codec, IndexInfo info) {
        return last != null && info.putBound(codec, last.values, last.inclusive);
    }
}
