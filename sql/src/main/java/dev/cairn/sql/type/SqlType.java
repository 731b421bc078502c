package dev.cairn.sql.type;

import dev.cairn.engine.ColumnType;

/**
 * The type of an expression: a kind, with the length of a varchar or the precision and scale of a numeric.
 *
 * @param precision characters of a varchar, digits of a numeric; 0 if unlimited
 * @param scale digits after the point of a numeric with precision
 */
public record SqlType(Kind kind, int precision, int scale) {

    /** PostgreSQL's type categories, which steer the choice of operators and functions. */
    public enum Category {
        BOOLEAN,
        NUMERIC,
        STRING,
        DATETIME,
        TIMESPAN,
        USER,
        PSEUDO,
        UNKNOWN
    }

    /** Kinds of types: those of columns, and those that only expressions have. */
    public enum Kind {
        BOOLEAN("boolean", "bool", Category.BOOLEAN, true),
        SMALLINT("smallint", "int2", Category.NUMERIC, false),
        INTEGER("integer", "int4", Category.NUMERIC, false),
        BIGINT("bigint", "int8", Category.NUMERIC, false),
        NUMERIC("numeric", "numeric", Category.NUMERIC, false),
        DOUBLE("double precision", "float8", Category.NUMERIC, true),
        TEXT("text", "text", Category.STRING, true),
        VARCHAR("character varying", "varchar", Category.STRING, false),
        BYTEA("bytea", "bytea", Category.USER, false),
        DATE("date", "date", Category.DATETIME, false),
        TIMESTAMP("timestamp without time zone", "timestamp", Category.DATETIME, false),
        TIMESTAMPTZ("timestamp with time zone", "timestamptz", Category.DATETIME, true),
        INTERVAL("interval", "interval", Category.TIMESPAN, true),
        RECORD("record", "record", Category.PSEUDO, false),
        UNKNOWN("unknown", "unknown", Category.UNKNOWN, false);

        private final String sqlName;
        private final String internalName;
        private final Category category;
        private final boolean preferred;

        Kind(String sqlName, String internalName, Category category, boolean preferred) {
            this.sqlName = sqlName;
            this.internalName = internalName;
            this.category = category;
            this.preferred = preferred;
        }

        /** The name in PostgreSQL's catalog, which names the column of a cast. */
        public String internalName() {
            return internalName;
        }

        public Category category() {
            return category;
        }

        /** Whether the kind is its category's preferred one. */
        public boolean isPreferred() {
            return preferred;
        }

        /** Whether values of this kind order and compare for equality. */
        public boolean isInteger() {
            return this == SMALLINT || this == INTEGER || this == BIGINT;
        }

        public boolean isString() {
            return category == Category.STRING;
        }
    }

    public static final SqlType BOOLEAN = of(Kind.BOOLEAN);
    public static final SqlType SMALLINT = of(Kind.SMALLINT);
    public static final SqlType INTEGER = of(Kind.INTEGER);
    public static final SqlType BIGINT = of(Kind.BIGINT);
    public static final SqlType NUMERIC = of(Kind.NUMERIC);
    public static final SqlType DOUBLE = of(Kind.DOUBLE);
    public static final SqlType TEXT = of(Kind.TEXT);
    public static final SqlType VARCHAR = of(Kind.VARCHAR);
    public static final SqlType BYTEA = of(Kind.BYTEA);
    public static final SqlType DATE = of(Kind.DATE);
    public static final SqlType TIMESTAMP = of(Kind.TIMESTAMP);
    public static final SqlType TIMESTAMPTZ = of(Kind.TIMESTAMPTZ);
    public static final SqlType INTERVAL = of(Kind.INTERVAL);
    public static final SqlType RECORD = of(Kind.RECORD);
    public static final SqlType UNKNOWN = of(Kind.UNKNOWN);

    /** The type of this kind without limits. */
    public static SqlType of(Kind kind) {
        return new SqlType(kind, 0, 0);
    }

    public static SqlType of(ColumnType type) {
        return switch (type.kind()) {
            case BIGINT -> BIGINT;
            case INTEGER -> INTEGER;
            case SMALLINT -> SMALLINT;
            case DOUBLE -> DOUBLE;
            case BOOLEAN -> BOOLEAN;
            case TEXT -> type.precision() > 0 ? new SqlType(Kind.VARCHAR, type.precision(), 0) : TEXT;
            case BYTEA -> BYTEA;
            case NUMERIC -> new SqlType(Kind.NUMERIC, type.precision(), type.scale());
            case DATE -> DATE;
            case TIMESTAMP -> TIMESTAMP;
        };
    }

    /** The type of a column that holds values of this type; null if no column can. */
    public @org.jspecify.annotations.Nullable ColumnType columnType() {
        return switch (kind) {
            case BIGINT -> ColumnType.BIGINT;
            case INTEGER -> ColumnType.INTEGER;
            case SMALLINT -> ColumnType.SMALLINT;
            case DOUBLE -> ColumnType.DOUBLE;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case TEXT -> ColumnType.TEXT;
            case VARCHAR -> precision > 0 ? ColumnType.varchar(precision) : ColumnType.TEXT;
            case BYTEA -> ColumnType.BYTEA;
            case NUMERIC -> precision > 0 ? ColumnType.numeric(precision, scale) : ColumnType.NUMERIC;
            case DATE -> ColumnType.DATE;
            case TIMESTAMP -> ColumnType.TIMESTAMP;
            case TIMESTAMPTZ, INTERVAL, RECORD, UNKNOWN -> null;
        };
    }

    /** The same type without length, precision and scale. */
    public SqlType unlimited() {
        return precision == 0 ? this : of(kind);
    }

    public boolean is(Kind other) {
        return kind == other;
    }

    /** Whether psql aligns values to the right. */
    public boolean alignsRight() {
        return kind.category() == Category.NUMERIC;
    }

    /** The name as PostgreSQL's format_type gives it. */
    @Override
    public String toString() {
        if (precision == 0) {
            return kind.sqlName;
        }
        return kind == Kind.NUMERIC ? "numeric(" + precision + "," + scale + ")" : kind.sqlName + "(" + precision + ")";
    }
}
