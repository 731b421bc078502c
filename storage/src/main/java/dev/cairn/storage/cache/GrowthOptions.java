package dev.cairn.storage.cache;

/**
 * How far data files grow ahead of need: by an eighth of their size, and no more than they have grown since they were opened, within these
 * bounds.
 *
 * @param minBytes at least 1
 * @param maxBytes at least {@code minBytes}
 */
public record GrowthOptions(long minBytes, long maxBytes) {

    public static final GrowthOptions DEFAULT = new GrowthOptions(1L << 20, 64L << 20);

    public GrowthOptions {
        if (minBytes < 1 || maxBytes < minBytes) {
            throw new IllegalArgumentException("growth from " + minBytes + " to " + maxBytes + " bytes");
        }
    }
}
