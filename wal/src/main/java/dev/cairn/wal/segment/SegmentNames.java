package dev.cairn.wal.segment;

import dev.cairn.storage.file.Disk;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The names of the log's files. */
public final class SegmentNames {

    /** A segment that is being made; whatever it holds is worthless. */
    static final String UNFINISHED = "wal-new";

    private static final String SEGMENT = "wal-";
    private static final String SPARE = "wal-spare-";
    private static final int SEGMENT_DIGITS = 16;
    private static final int SPARE_DIGITS = 8;
    private static final int HEXADECIMAL = 16;
    private static final char ASCII_END = 0x80;

    private SegmentNames() {}

    /** {@code wal-} and the number as 16 hexadecimal digits. */
    public static String of(long segmentNo) {
        return SEGMENT + HexFormat.of().toHexDigits(segmentNo);
    }

    /** The number of the segment that a name stands for; -1 if it is no segment's name. */
    public static long segmentNo(String name) {
        return number(name, SEGMENT, SEGMENT_DIGITS);
    }

    /** Whether this is a file of the log: segment, spare segment, or unfinished. */
    public static boolean isLogFile(String name) {
        return segmentNo(name) >= 0 || isSpare(name) || name.equals(UNFINISHED);
    }

    /** The numbers of the segments in a directory, ascending; spare ones not counted. */
    public static List<Long> segments(Disk disk) {
        List<Long> found = new ArrayList<>();
        for (String name : disk.list()) {
            long no = segmentNo(name);
            if (no >= 0) {
                found.add(no);
            }
        }
        found.sort(null);
        return found;
    }

    static String spare(long number) {
        return SPARE + HexFormat.of().toHexDigits(number, SPARE_DIGITS);
    }

    static boolean isSpare(String name) {
        return spareNo(name) >= 0;
    }

    static long spareNo(String name) {
        return number(name, SPARE, SPARE_DIGITS);
    }

    private static long number(String name, String prefix, int digits) {
        if (!name.startsWith(prefix) || name.length() != prefix.length() + digits) {
            return -1;
        }
        for (int i = prefix.length(); i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.digit(c, HEXADECIMAL) < 0 || Character.isUpperCase(c) || c >= ASCII_END) {
                return -1;
            }
        }
        long number = Long.parseUnsignedLong(name, prefix.length(), name.length(), HEXADECIMAL);
        return number < 0 ? -1 : number;
    }
}
