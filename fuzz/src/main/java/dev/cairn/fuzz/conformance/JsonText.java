package dev.cairn.fuzz.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON value: objects as maps, arrays as lists, numbers as longs; a transcript has no fractions. */
final class JsonText {

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if the text is no JSON value, naming the place */
    static @Nullable Object parse(String text) {
        JsonText json = new JsonText(text);
        Object value = json.value();
        json.blanks();
        if (json.at < text.length()) {
            throw json.unexpected("the end");
        }
        return value;
    }

    private IllegalArgumentException unexpected(String expected) {
        String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new IllegalArgumentException("not JSON: expected " + expected + " at " + at + ", found " + found);
    }

    private char peek() {
        blanks();
        if (at >= text.length()) {
            throw unexpected("a value");
        }
        return text.charAt(at);
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private void expect(char c) {
        if (peek() != c) {
            throw unexpected("'" + c + "'");
        }
        at++;
    }

    private @Nullable Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        expect('{');
        boolean more = peek() != '}';
        while (more) {
            blanks();
            String name = string();
            expect(':');
            members.put(name, value());
            more = peek() == ',';
            if (more) {
                at++;
            }
        }
        expect('}');
        return members;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> elements = new ArrayList<>();
        expect('[');
        boolean more = peek() != ']';
        while (more) {
            elements.add(value());
            more = peek() == ',';
            if (more) {
                at++;
            }
        }
        expect(']');
        return elements;
    }

    private String string() {
        expect('"');
        StringBuilder builder = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            builder.append(c == '\\' ? escaped() : c);
        }
        expect('"');
        return builder.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : '"';
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                at += 4;
                if (at > text.length()) {
                    throw unexpected("four hexadecimal digits");
                }
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> c;
        };
    }

    private @Nullable Object word() {
        int from = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            case "null" -> null;
            default -> number(from, word);
        };
    }

    private Long number(int from, String word) {
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            at = from;
            throw unexpected("a whole number, true, false or null");
        }
    }
}
