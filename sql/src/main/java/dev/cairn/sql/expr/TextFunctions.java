package dev.cairn.sql.expr;

import static dev.cairn.sql.expr.Arguments.bigint;
import static dev.cairn.sql.expr.Arguments.bytes;
import static dev.cairn.sql.expr.Arguments.integer;
import static dev.cairn.sql.expr.Arguments.text;
import static dev.cairn.sql.type.SqlType.BIGINT;
import static dev.cairn.sql.type.SqlType.BOOLEAN;
import static dev.cairn.sql.type.SqlType.BYTEA;
import static dev.cairn.sql.type.SqlType.INTEGER;
import static dev.cairn.sql.type.SqlType.TEXT;

import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.storage.base.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of text and bytes. Positions and lengths count characters, that is code points, or bytes; from 1. */
final class TextFunctions {

    static final Registry REGISTRY = new Registry();
    private static final int MAX_LENGTH = 1 << 28;

    static {
        addCases();
        addLengths();
        addParts();
        addTrims();
        addEdits();
        addJoins();
        addBytes();
    }

    private TextFunctions() {}

    private static void text1(String name, UnaryOperator<String> operator) {
        REGISTRY.add(name, TEXT, List.of(TEXT), (a, e) -> operator.apply(text(a, 0)));
    }

    /** Only ASCII letters have cases, as with PostgreSQL's collation C. */
    private static void addCases() {
        text1("upper", value -> mapAscii(value, 'a', 'z', -32));
        text1("lower", value -> mapAscii(value, 'A', 'Z', 32));
        text1("initcap", TextFunctions::capitalized);
    }

    private static String mapAscii(String value, char from, char to, int offset) {
        StringBuilder out = new StringBuilder(value);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c >= from && c <= to) {
                out.setCharAt(i, (char) (c + offset));
            }
        }
        return out.toString();
    }

    private static String capitalized(String value) {
        StringBuilder out = new StringBuilder(mapAscii(value, 'A', 'Z', 32));
        boolean within = false;
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (!within && c >= 'a' && c <= 'z') {
                out.setCharAt(i, (char) (c - 32));
            }
            within = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        }
        return out.toString();
    }

    private static int length(String value) {
        return value.codePointCount(0, value.length());
    }

    private static void addLengths() {
        for (String name : List.of("length", "char_length", "character_length")) {
            REGISTRY.add(name, INTEGER, List.of(TEXT), (a, e) -> length(text(a, 0)));
        }
        REGISTRY.add("octet_length", INTEGER, List.of(TEXT), (a, e) -> utf8(text(a, 0)).length);
        REGISTRY.add("bit_length", INTEGER, List.of(TEXT), (a, e) -> utf8(text(a, 0)).length * 8);
        REGISTRY.add(
                "ascii",
                INTEGER,
                List.of(TEXT),
                (a, e) -> text(a, 0).isEmpty() ? 0 : text(a, 0).codePointAt(0));
        REGISTRY.add("chr", TEXT, List.of(INTEGER), (a, e) -> character(integer(a, 0)));
    }

    private static byte[] utf8(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static String character(int code) {
        if (code == 0 || !Character.isValidCodePoint(code) || (code >= 0xD800 && code <= 0xDFFF)) {
            throw SqlErrors.of(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character not valid for encoding: " + code);
        }
        return Character.toString(code);
    }

    private static void addParts() {
        for (String name : List.of("substr", "substring")) {
            REGISTRY.add(
                    name, TEXT, List.of(TEXT, INTEGER), (a, e) -> part(text(a, 0), integer(a, 1), Integer.MAX_VALUE));
            REGISTRY.add(
                    name,
                    TEXT,
                    List.of(TEXT, INTEGER, INTEGER),
                    (a, e) -> part(text(a, 0), integer(a, 1), integer(a, 2)));
            REGISTRY.add(
                    name,
                    BYTEA,
                    List.of(BYTEA, INTEGER),
                    (a, e) -> part(bytes(a, 0), integer(a, 1), Integer.MAX_VALUE));
            REGISTRY.add(
                    name,
                    BYTEA,
                    List.of(BYTEA, INTEGER, INTEGER),
                    (a, e) -> part(bytes(a, 0), integer(a, 1), integer(a, 2)));
        }
        REGISTRY.add("left", TEXT, List.of(TEXT, INTEGER), (a, e) -> {
            int size = length(text(a, 0));
            int count = integer(a, 1) < 0 ? Math.max(size + integer(a, 1), 0) : Math.min(integer(a, 1), size);
            return text(a, 0).substring(0, text(a, 0).offsetByCodePoints(0, count));
        });
        REGISTRY.add("right", TEXT, List.of(TEXT, INTEGER), (a, e) -> {
            int size = length(text(a, 0));
            long skip = integer(a, 1) < 0 ? Math.min(-(long) integer(a, 1), size) : Math.max(size - integer(a, 1), 0);
            return text(a, 0).substring(text(a, 0).offsetByCodePoints(0, (int) skip));
        });
        for (String name : List.of("strpos", "position")) {
            REGISTRY.add(name, INTEGER, List.of(TEXT, TEXT), (a, e) -> {
                int index = text(a, 0).indexOf(text(a, 1));
                return index < 0 ? 0 : text(a, 0).codePointCount(0, index) + 1;
            });
        }
        REGISTRY.add(
                "starts_with",
                BOOLEAN,
                List.of(TEXT, TEXT),
                (a, e) -> text(a, 0).startsWith(text(a, 1)));
        REGISTRY.add(
                "split_part",
                TEXT,
                List.of(TEXT, TEXT, INTEGER),
                (a, e) -> splitPart(text(a, 0), text(a, 1), integer(a, 2)));
    }

    /** From start, of a length, where a start before 1 shortens the length. */
    private static String part(String value, int start, int count) {
        long end = Math.min(end(start, count), length(value) + 1L);
        int from = Math.max(start, 1);
        if (end <= from) {
            return "";
        }
        int first = value.offsetByCodePoints(0, from - 1);
        return value.substring(first, value.offsetByCodePoints(first, (int) (end - from)));
    }

    private static byte[] part(byte[] value, int start, int count) {
        long end = Math.min(end(start, count), value.length + 1L);
        int from = Math.max(start, 1);
        return end <= from ? new byte[0] : Arrays.copyOfRange(value, from - 1, (int) end - 1);
    }

    private static long end(int start, int count) {
        if (count < 0) {
            throw SqlErrors.of(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
        }
        return count == Integer.MAX_VALUE ? Long.MAX_VALUE : (long) start + count;
    }

    private static String splitPart(String value, String separator, int field) {
        if (field == 0) {
            throw SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "field position must not be zero");
        }
        if (separator.isEmpty()) {
            return field == 1 || field == -1 ? value : "";
        }
        String[] fields = value.split(java.util.regex.Pattern.quote(separator), -1);
        long index = field > 0 ? field - 1L : (long) fields.length + field;
        return index < 0 || index >= fields.length ? "" : fields[(int) index];
    }

    private static void addTrims() {
        addTrim("btrim", true, true);
        addTrim("trim", true, true);
        addTrim("ltrim", true, false);
        addTrim("rtrim", false, true);
    }

    private static void addTrim(String name, boolean left, boolean right) {
        text1(name, value -> trim(value, " ", left, right));
        REGISTRY.add(name, TEXT, List.of(TEXT, TEXT), (a, e) -> trim(text(a, 0), text(a, 1), left, right));
    }

    private static String trim(String value, String characters, boolean left, boolean right) {
        int from = 0;
        int to = value.length();
        while (left && from < to && characters.indexOf(value.codePointAt(from)) >= 0) {
            from += Character.charCount(value.codePointAt(from));
        }
        while (right && to > from && characters.indexOf(value.codePointBefore(to)) >= 0) {
            to -= Character.charCount(value.codePointBefore(to));
        }
        return value.substring(from, to);
    }

    private static void addEdits() {
        REGISTRY.add(
                "replace",
                TEXT,
                List.of(TEXT, TEXT, TEXT),
                (a, e) -> text(a, 1).isEmpty() ? text(a, 0) : text(a, 0).replace(text(a, 1), text(a, 2)));
        REGISTRY.add(
                "overlay",
                TEXT,
                List.of(TEXT, TEXT, INTEGER),
                (a, e) -> overlay(text(a, 0), text(a, 1), integer(a, 2), length(text(a, 1))));
        REGISTRY.add(
                "overlay",
                TEXT,
                List.of(TEXT, TEXT, INTEGER, INTEGER),
                (a, e) -> overlay(text(a, 0), text(a, 1), integer(a, 2), integer(a, 3)));
        REGISTRY.add(
                "translate", TEXT, List.of(TEXT, TEXT, TEXT), (a, e) -> translate(text(a, 0), text(a, 1), text(a, 2)));
        REGISTRY.add("lpad", TEXT, List.of(TEXT, INTEGER), (a, e) -> pad(text(a, 0), integer(a, 1), " ", true));
        REGISTRY.add("rpad", TEXT, List.of(TEXT, INTEGER), (a, e) -> pad(text(a, 0), integer(a, 1), " ", false));
        REGISTRY.add(
                "lpad", TEXT, List.of(TEXT, INTEGER, TEXT), (a, e) -> pad(text(a, 0), integer(a, 1), text(a, 2), true));
        REGISTRY.add(
                "rpad",
                TEXT,
                List.of(TEXT, INTEGER, TEXT),
                (a, e) -> pad(text(a, 0), integer(a, 1), text(a, 2), false));
        REGISTRY.add("repeat", TEXT, List.of(TEXT, INTEGER), (a, e) -> {
            checkLength((long) text(a, 0).length() * Math.max(integer(a, 1), 0));
            return text(a, 0).repeat(Math.max(integer(a, 1), 0));
        });
        text1("reverse", value -> new StringBuilder(value).reverse().toString());
        text1(
                "quote_literal",
                value -> (value.contains("\\") ? "E" : "") + "'"
                        + value.replace("'", "''").replace("\\", "\\\\") + "'");
        REGISTRY.add("to_hex", TEXT, List.of(INTEGER), (a, e) -> Integer.toHexString(integer(a, 0)));
        REGISTRY.add("to_hex", TEXT, List.of(BIGINT), (a, e) -> Long.toHexString(bigint(a, 0)));
    }

    private static void checkLength(long length) {
        if (length > MAX_LENGTH) {
            throw SqlErrors.of(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
        }
    }

    private static String overlay(String value, String other, int start, int count) {
        if (start <= 0) {
            throw SqlErrors.of(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
        }
        return part(value, 1, start - 1)
                + other
                + part(value, (int) Math.min((long) start + count, Integer.MAX_VALUE), Integer.MAX_VALUE);
    }

    private static String translate(String value, String from, String to) {
        int[] targets = to.codePoints().toArray();
        int[] sources = from.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        value.codePoints().forEach(c -> {
            int index = 0;
            while (index < sources.length && sources[index] != c) {
                index++;
            }
            if (index == sources.length) {
                out.appendCodePoint(c);
            } else if (index < targets.length) {
                out.appendCodePoint(targets[index]);
            }
        });
        return out.toString();
    }

    private static String pad(String value, int width, String fill, boolean left) {
        int size = length(value);
        int target = Math.max(width, 0);
        checkLength(target);
        if (size >= target) {
            return value.substring(0, value.offsetByCodePoints(0, target));
        }
        if (fill.isEmpty()) {
            return value;
        }
        int[] pattern = fill.codePoints().toArray();
        StringBuilder padding = new StringBuilder();
        for (int i = 0; i < target - size; i++) {
            padding.appendCodePoint(pattern[i % pattern.length]);
        }
        return left ? padding + value : value + padding;
    }

    /** Their arguments of any type arrive as text, booleans as t and f. */
    private static void addJoins() {
        REGISTRY.addNullable("concat", TEXT, List.of(SqlType.UNKNOWN), true, (a, e) -> join("", a, 0));
        REGISTRY.addNullable(
                "concat_ws",
                TEXT,
                List.of(TEXT, SqlType.UNKNOWN),
                true,
                (a, e) -> a[0] == null ? null : join((String) a[0], a, 1));
    }

    private static String join(String separator, @Nullable Object[] values, int from) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (int i = from; i < values.length; i++) {
            if (values[i] != null) {
                out.append(first ? "" : separator).append(values[i]);
                first = false;
            }
        }
        return out.toString();
    }

    private static void addBytes() {
        REGISTRY.add("length", INTEGER, List.of(BYTEA), (a, e) -> bytes(a, 0).length);
        REGISTRY.add("octet_length", INTEGER, List.of(BYTEA), (a, e) -> bytes(a, 0).length);
        REGISTRY.add("bit_length", INTEGER, List.of(BYTEA), (a, e) -> bytes(a, 0).length * 8);
        text1("md5", value -> HexFormat.of().formatHex(digest("MD5", utf8(value))));
        REGISTRY.add("md5", TEXT, List.of(BYTEA), (a, e) -> HexFormat.of().formatHex(digest("MD5", bytes(a, 0))));
        REGISTRY.add("sha256", BYTEA, List.of(BYTEA), (a, e) -> digest("SHA-256", bytes(a, 0)));
        REGISTRY.add("get_byte", INTEGER, List.of(BYTEA, INTEGER), (a, e) -> {
            byte[] value = bytes(a, 0);
            int index = integer(a, 1);
            if (index < 0 || index >= value.length) {
                throw SqlErrors.of("2202E", "index " + index + " out of valid range, 0.." + (value.length - 1));
            }
            return value[index] & 0xFF;
        });
        REGISTRY.add("encode", TEXT, List.of(BYTEA, TEXT), (a, e) -> switch (text(a, 1)
                .toLowerCase(Locale.ROOT)) {
            case "hex" -> HexFormat.of().formatHex(bytes(a, 0));
            case "base64" ->
                new String(Base64.getMimeEncoder(76, new byte[] {'\n'}).encode(bytes(a, 0)), StandardCharsets.US_ASCII);
            default -> throw unknownEncoding(text(a, 1));
        });
        REGISTRY.add("decode", BYTEA, List.of(TEXT, TEXT), (a, e) -> decode(text(a, 0), text(a, 1)));
    }

    private static byte[] decode(String value, String encoding) {
        try {
            return switch (encoding.toLowerCase(Locale.ROOT)) {
                case "hex" -> HexFormat.of().parseHex(value);
                case "base64" -> Base64.getMimeDecoder().decode(value);
                default -> throw unknownEncoding(encoding);
            };
        } catch (IllegalArgumentException malformed) {
            throw new dev.cairn.storage.base.TransactionException(
                    SqlState.INVALID_PARAMETER_VALUE, "invalid " + encoding + " data", malformed);
        }
    }

    private static RuntimeException unknownEncoding(String encoding) {
        return SqlErrors.of(SqlState.INVALID_PARAMETER_VALUE, "unrecognized encoding: \"" + encoding + "\"");
    }

    private static byte[] digest(String algorithm, byte[] value) {
        try {
            return MessageDigest.getInstance(algorithm).digest(value);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has " + algorithm, missing);
        }
    }
}
