package dev.cairn.sql.plan;

import dev.cairn.engine.ColumnType;
import dev.cairn.sql.syntax.Ast;
import dev.cairn.sql.type.SqlErrors;
import dev.cairn.sql.type.SqlType;
import dev.cairn.sql.type.SqlType.Kind;
import dev.cairn.storage.base.SqlState;
import java.util.List;
import java.util.Set;

/** Types by the names that SQL and PostgreSQL give them. */
final class TypeNames {

    private static final int MAX_VARCHAR = 10_485_760;

    private static final Set<String> NOT_OURS = Set.of(
            "real",
            "float4",
            "char",
            "character",
            "bpchar",
            "nchar",
            "national character",
            "bit",
            "bit varying",
            "varbit",
            "time",
            "timetz",
            "time without time zone",
            "time with time zone",
            "json",
            "jsonb",
            "uuid",
            "xml",
            "money",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "point",
            "line",
            "lseg",
            "box",
            "path",
            "polygon",
            "circle",
            "tsvector",
            "tsquery",
            "oid",
            "name",
            "regclass",
            "regtype",
            "regproc",
            "regnamespace",
            "regrole",
            "serial",
            "bigserial",
            "smallserial",
            "serial4",
            "serial8",
            "serial2",
            "int4range",
            "int8range",
            "numrange",
            "tsrange",
            "tstzrange",
            "daterange",
            "xid",
            "xid8",
            "cid",
            "tid",
            "pg_lsn",
            "record",
            "void",
            "anyelement",
            "cstring",
            "jsonpath",
            "unknown",
            "hstore");

    private TypeNames() {}

    /**
     * The type of a name.
     *
     * @throws dev.cairn.storage.base.TransactionException 42704 for none of PostgreSQL's, 0A000 for one that is not ours, 22023 for
     *     numbers out of range
     */
    static SqlType resolve(Ast.TypeName name) {
        if (name.array()) {
            throw SqlErrors.notSupported("type " + name.name() + "[]");
        }
        Kind kind = kind(name);
        List<Integer> modifiers = name.modifiers();
        if (modifiers.isEmpty()) {
            return SqlType.of(kind);
        }
        return switch (kind) {
            case NUMERIC -> numeric(modifiers);
            case VARCHAR -> varchar(modifiers);
            case TIMESTAMP, TIMESTAMPTZ, INTERVAL -> {
                if (modifiers.get(0) != 6) {
                    throw SqlErrors.notSupported("a precision of type " + name.name());
                }
                yield SqlType.of(kind);
            }
            case DOUBLE -> {
                if (!name.name().equals("float") || modifiers.get(0) < 25 || modifiers.get(0) > 53) {
                    throw SqlErrors.notSupported("type " + name.name() + "(" + modifiers.get(0) + ")");
                }
                yield SqlType.DOUBLE;
            }
            default -> throw SqlErrors.syntax("type modifier is not allowed for type \"" + name.name() + "\"");
        };
    }

    private static Kind kind(Ast.TypeName name) {
        return switch (name.name()) {
            case "bigint", "int8" -> Kind.BIGINT;
            case "integer", "int", "int4" -> Kind.INTEGER;
            case "smallint", "int2" -> Kind.SMALLINT;
            case "double precision", "float8", "float" -> Kind.DOUBLE;
            case "boolean", "bool" -> Kind.BOOLEAN;
            case "text" -> Kind.TEXT;
            case "varchar", "character varying", "char varying" -> Kind.VARCHAR;
            case "bytea" -> Kind.BYTEA;
            case "numeric", "decimal", "dec" -> Kind.NUMERIC;
            case "date" -> Kind.DATE;
            case "timestamp", "timestamp without time zone" -> Kind.TIMESTAMP;
            case "timestamptz", "timestamp with time zone" -> Kind.TIMESTAMPTZ;
            case "interval" -> Kind.INTERVAL;
            default -> {
                if (NOT_OURS.contains(name.name())) {
                    throw SqlErrors.notSupported("type " + name.name());
                }
                throw SqlErrors.of(SqlState.UNDEFINED_OBJECT, "type \"" + name.name() + "\" does not exist");
            }
        };
    }

    private static SqlType numeric(List<Integer> modifiers) {
        int precision = modifiers.get(0);
        int scale = modifiers.size() > 1 ? modifiers.get(1) : 0;
        if (precision < 1 || precision > ColumnType.MAX_PRECISION || modifiers.size() > 2) {
            throw SqlErrors.of(
                    SqlState.INVALID_PARAMETER_VALUE, "NUMERIC precision " + precision + " must be between 1 and 1000");
        }
        if (scale < -1000 || scale > 1000) {
            throw SqlErrors.of(
                    SqlState.INVALID_PARAMETER_VALUE, "NUMERIC scale " + scale + " must be between -1000 and 1000");
        }
        if (scale < 0 || scale > precision) {
            throw SqlErrors.notSupported("type numeric(" + precision + "," + scale + ")");
        }
        return new SqlType(Kind.NUMERIC, precision, scale);
    }

    private static SqlType varchar(List<Integer> modifiers) {
        int length = modifiers.get(0);
        if (length < 1 || length > MAX_VARCHAR || modifiers.size() > 1) {
            throw SqlErrors.of(
                    SqlState.INVALID_PARAMETER_VALUE, "length for type varchar must be between 1 and " + MAX_VARCHAR);
        }
        return new SqlType(Kind.VARCHAR, length, 0);
    }
}
