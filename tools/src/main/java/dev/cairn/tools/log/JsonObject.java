package dev.cairn.tools.log;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object on one line, keys in the order of the calls. Not thread-safe. */
public final class JsonObject {

    private final StringBuilder text = new StringBuilder("{");

    public JsonObject put(String key, long value) {
        key(key).append(value);
        return this;
    }

    public JsonObject put(String key, boolean value) {
        key(key).append(value);
        return this;
    }

    public JsonObject put(String key, @Nullable String value) {
        key(key);
        appendString(value);
        return this;
    }

    /** An object in the object. */
    public JsonObject put(String key, JsonObject value) {
        key(key).append(value);
        return this;
    }

    /** A finite number. */
    public JsonObject putNumber(String key, double value) {
        key(key).append(value);
        return this;
    }

    /** An array of objects. */
    public JsonObject putObjects(String key, Iterable<JsonObject> values) {
        key(key).append('[');
        String separator = "";
        for (JsonObject value : values) {
            text.append(separator).append(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    public JsonObject put(String key, long[] values) {
        key(key).append('[');
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ",").append(values[i]);
        }
        text.append(']');
        return this;
    }

    public JsonObject put(String key, int[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = values[i];
        }
        return put(key, longs);
    }

    public JsonObject put(String key, Iterable<String> values) {
        key(key).append('[');
        String separator = "";
        for (String value : values) {
            text.append(separator);
            appendString(value);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    private StringBuilder key(String key) {
        if (text.length() > 1) {
            text.append(',');
        }
        appendString(key);
        return text.append(':');
    }

    private void appendString(@Nullable String value) {
        if (value == null) {
            text.append("null");
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7F || Character.isSurrogate(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
