package dev.cairn.tools.dump;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value: objects as maps in their order, arrays as lists, numbers as {@link BigDecimal}. Bounded in depth. Not
 * thread-safe.
 */
public final class JsonLine {

    private static final int MOST_DEPTH = 100;

    private final String text;
    private int at;
    private int depth;

    private JsonLine(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if the text is no JSON object, naming the place */
    public static Map<String, @Nullable Object> object(String text) {
        JsonLine json = new JsonLine(text);
        if (json.peek() != '{') {
            throw json.unexpected("an object");
        }
        Map<String, @Nullable Object> value = json.object();
        json.blanks();
        if (json.at < text.length()) {
            throw json.unexpected("the end");
        }
        return value;
    }

    private IllegalArgumentException unexpected(String expected) {
        String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new IllegalArgumentException("expected " + expected + " at character " + at + ", found " + found);
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private char peek() {
        blanks();
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char c) {
        if (peek() != c) {
            throw unexpected("'" + c + "'");
        }
        at++;
    }

    private boolean skip(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private @Nullable Object value() {
        if (++depth > MOST_DEPTH) {
            throw new IllegalArgumentException("expected at most " + MOST_DEPTH + " levels, found more");
        }
        try {
            return switch (peek()) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> string();
                case 't' -> word("true", true);
                case 'f' -> word("false", false);
                case 'n' -> word("null", null);
                default -> number();
            };
        } finally {
            depth--;
        }
    }

    private Map<String, @Nullable Object> object() {
        expect('{');
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        if (skip('}')) {
            return object;
        }
        do {
            peek();
            String key = string();
            expect(':');
            if (object.containsKey(key)) {
                throw new IllegalArgumentException("expected each key once, found \"" + key + "\" twice");
            }
            object.put(key, value());
        } while (skip(','));
        expect('}');
        return object;
    }

    private List<@Nullable Object> array() {
        expect('[');
        List<@Nullable Object> array = new ArrayList<>();
        if (skip(']')) {
            return array;
        }
        do {
            array.add(value());
        } while (skip(','));
        expect(']');
        return array;
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw unexpected("a value");
        }
        at += word.length();
        return value;
    }

    private BigDecimal number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return new BigDecimal(text.substring(from, at));
        } catch (NumberFormatException e) {
            at = from;
            throw unexpected("a value");
        }
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        throw unexpected("'\"'");
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                at--;
                throw unexpected("an escape");
            }
        };
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw unexpected("four hexadecimal digits");
            }
            code = code << 4 | digit;
            at++;
        }
        return (char) code;
    }
}
