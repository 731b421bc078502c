package dev.cairn.engine;

/**
 * Where a row version stands in its table. An update moves a row, so an id is good for as long as nobody updates the row.
 *
 * @param value page number times 65,536 plus slot
 */
public record RowId(long value) {

    @Override
    public String toString() {
        return "(" + (value >>> 16) + "," + (value & 0xFFFF) + ")";
    }
}
