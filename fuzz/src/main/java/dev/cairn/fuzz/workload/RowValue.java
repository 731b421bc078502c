package dev.cairn.fuzz.workload;

/**
 * What a row holds besides its key. The payload follows from key and version, so that a mixture of two versions is found out;
 * a long one repeats itself in every other version, so that it can be compressed.
 *
 * @param version greater in every later version of the row, whatever became of the earlier ones
 * @param length characters of payload
 */
record RowValue(long version, int length) {

    private static final int REPEATED = 400;

    String payload(long key) {
        StringBuilder text = new StringBuilder(length);
        long bits = key * 0x9E37_79B9_7F4A_7C15L ^ version * 0xC2B2_AE3D_27D4_EB4FL;
        boolean repeats = length > REPEATED && version % 2 == 0;
        for (int i = 0; i < length; i++) {
            if (repeats && i >= REPEATED) {
                text.append(text.charAt(i - REPEATED));
                continue;
            }
            bits ^= bits << 13;
            bits ^= bits >>> 7;
            bits ^= bits << 17;
            text.append((char) ('a' + Math.floorMod(bits, 26)));
        }
        return text.toString();
    }

    RowValue next() {
        return new RowValue(version + 1, length);
    }
}
