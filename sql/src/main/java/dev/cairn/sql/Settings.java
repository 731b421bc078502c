package dev.cairn.sql;

import dev.cairn.engine.Transaction;
import dev.cairn.engine.TransactionOptions;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import dev.cairn.txn.IsolationLevel;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A session's settings: what new transactions are like, and the fixed ones that clients ask for. Used by one thread. */
final class Settings {

    /** Settings of PostgreSQL's that have one value here. Setting them to it is accepted. */
    private static final Map<String, String> FIXED = Map.ofEntries(
            Map.entry("client_encoding", "UTF8"),
            Map.entry("server_encoding", "UTF8"),
            Map.entry("datestyle", "ISO, MDY"),
            Map.entry("intervalstyle", "postgres"),
            Map.entry("timezone", "UTC"),
            Map.entry("standard_conforming_strings", "on"),
            Map.entry("bytea_output", "hex"),
            Map.entry("extra_float_digits", "1"),
            Map.entry("lc_collate", "C"),
            Map.entry("search_path", "public"),
            Map.entry("server_version", "15.0"));

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}) *(|ms|s|min)");

    private IsolationLevel isolation = IsolationLevel.READ_COMMITTED;
    private boolean readOnly;
    private boolean deferrable;
    private Duration lockTimeout = Duration.ZERO;

    IsolationLevel isolation() {
        return isolation;
    }

    TransactionOptions options(String label) {
        return TransactionOptions.DEFAULT
                .withLabel(label)
                .withIsolation(isolation)
                .withReadOnly(readOnly)
                .withDeferrable(deferrable);
    }

    /** Options for a BEGIN, which may say otherwise than the settings. */
    TransactionOptions options(String label, Ast.Control control) {
        TransactionOptions options = options(label);
        if (control.isolation() != null) {
            options = options.withIsolation(level(control.isolation()));
        }
        if (control.deferrable() != null) {
            options = options.withDeferrable(control.deferrable());
        }
        return control.readOnly() == null ? options : options.withReadOnly(control.readOnly());
    }

    /** How long new transactions wait for locks; zero for as long as the database's options say. */
    Duration lockTimeout() {
        return lockTimeout;
    }

    void setDefaults(Ast.Control control) {
        isolation = control.isolation() == null ? isolation : level(control.isolation());
        readOnly = control.readOnly() == null ? readOnly : control.readOnly();
        deferrable = control.deferrable() == null ? deferrable : control.deferrable();
    }

    /** @throws dev.cairn.storage.base.TransactionException 22023 */
    static IsolationLevel level(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "read committed", "read uncommitted" -> IsolationLevel.READ_COMMITTED;
            case "repeatable read" -> IsolationLevel.REPEATABLE_READ;
            case "serializable" -> IsolationLevel.SERIALIZABLE;
            default ->
                throw SqlErrors.of(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "invalid value for parameter \"transaction_isolation\": \"" + name + "\"");
        };
    }

    /** @throws dev.cairn.storage.base.TransactionException 42704 */
    String show(String name, @Nullable Transaction current) {
        return switch (name) {
            case "transaction_isolation" -> text(current == null ? isolation : current.isolation());
            case "default_transaction_isolation" -> text(isolation);
            case "transaction_read_only" -> onOff(current == null ? readOnly : current.isReadOnly());
            case "default_transaction_read_only" -> onOff(readOnly);
            case "transaction_deferrable" -> onOff(current == null ? deferrable : current.isDeferrable());
            case "default_transaction_deferrable" -> onOff(deferrable);
            case "lock_timeout" -> lockTimeout.isZero() ? "0" : lockTimeout.toMillis() + "ms";
            default -> fixed(name);
        };
    }

    private static String fixed(String name) {
        String value = FIXED.get(name.toLowerCase(Locale.ROOT));
        if (value == null) {
            throw SqlErrors.of(SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
        }
        return value;
    }

    private static String text(IsolationLevel level) {
        return level.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String onOff(boolean value) {
        return value ? "on" : "off";
    }

    /** @throws dev.cairn.storage.base.TransactionException 42704, 22023, or 0A000 for a value that is not ours */
    void set(Ast.SetVariable set) {
        String value = set.value();
        switch (set.name()) {
            case "all" -> {
                isolation = IsolationLevel.READ_COMMITTED;
                readOnly = false;
                lockTimeout = Duration.ZERO;
            }
            case "lock_timeout" -> lockTimeout = value == null ? Duration.ZERO : duration(value);
            case "default_transaction_isolation" ->
                isolation = value == null ? IsolationLevel.READ_COMMITTED : level(value);
            case "default_transaction_read_only" -> readOnly = value != null && bool(value);
            case "transaction_isolation", "transaction_read_only" -> requireValue(value);
            default -> {
                String only = fixed(set.name());
                if (value != null && !value.equalsIgnoreCase(only)) {
                    throw SqlErrors.notSupported("setting " + set.name() + " to " + value);
                }
            }
        }
    }

    /** Milliseconds, or a number with the unit ms, s or min. */
    private static Duration duration(String value) {
        Matcher matcher = DURATION.matcher(value.trim());
        if (!matcher.matches()) {
            throw SqlErrors.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "invalid value for parameter \"lock_timeout\": \"" + value + "\"");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            default -> Duration.ofMillis(number);
        };
    }

    private static void requireValue(@Nullable String value) {
        if (value == null) {
            throw SqlErrors.notSupported("resetting a transaction's property");
        }
    }

    private static boolean bool(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> true;
            case "off", "false", "no", "0" -> false;
            default ->
                throw SqlErrors.of(
                        SqlState.INVALID_PARAMETER_VALUE, "parameter requires a Boolean value: \"" + value + "\"");
        };
    }
}
