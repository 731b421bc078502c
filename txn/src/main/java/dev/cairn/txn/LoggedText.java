package dev.cairn.txn;

import java.nio.charset.StandardCharsets;

/** Texts as log records hold them: UTF-8, cut at a code point. */
final class LoggedText {

    /** As PostgreSQL's identifiers. */
    static final int NAME_BYTES = 63;

    static final int LABEL_BYTES = 255;

    private LoggedText() {}

    static String cut(String text, int maxBytes) {
        if (text.length() * 3L <= maxBytes
                || (text.length() <= maxBytes && isAscii(text))
                || text.getBytes(StandardCharsets.UTF_8).length <= maxBytes) {
            return text;
        }
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            bytes += utf8Bytes(codePoint);
            if (bytes > maxBytes) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    /** The ordinary case, of which no bytes need be made. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static int utf8Bytes(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
