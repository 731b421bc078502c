package dev.cairn.storage.base;

/** How long texts are in UTF-8, without making its bytes. A surrogate without its other half counts as the one byte that stands for it. */
public final class Utf8 {

    private static final int TWO_BYTES = 0x80;
    private static final int THREE_BYTES = 0x800;

    private Utf8() {}

    /** Bytes of the whole text. */
    public static int length(String text) {
        int bytes = 0;
        for (int at = 0; at < text.length(); at += chars(text, at)) {
            bytes += bytes(text, at);
        }
        return bytes;
    }

    /** As many of the first code points as fit into so many bytes; the text itself if all do. */
    public static String cut(String text, int mostBytes) {
        int bytes = 0;
        for (int at = 0; at < text.length(); at += chars(text, at)) {
            bytes += bytes(text, at);
            if (bytes > mostBytes) {
                return text.substring(0, at);
            }
        }
        return text;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    private static int chars(String text, int at) {
        return isPair(text, at) ? 2 : 1;
    }

    private static int bytes(String text, int at) {
        char c = text.charAt(at);
        if (Character.isSurrogate(c)) {
            return isPair(text, at) ? 4 : 1;
        }
        return c < TWO_BYTES ? 1 : c < THREE_BYTES ? 2 : 3;
    }
}
