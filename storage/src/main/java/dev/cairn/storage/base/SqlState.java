package dev.cairn.storage.base;

/** The SQLSTATEs that Cairn raises, under PostgreSQL's condition names. */
public final class SqlState {

    public static final String NO_DATA_FOUND = "02000";
    public static final String FEATURE_NOT_SUPPORTED = "0A000";
    public static final String CARDINALITY_VIOLATION = "21000";
    public static final String STRING_DATA_RIGHT_TRUNCATION = "22001";
    public static final String NUMERIC_VALUE_OUT_OF_RANGE = "22003";
    public static final String INVALID_DATETIME_FORMAT = "22007";
    public static final String DATETIME_FIELD_OVERFLOW = "22008";
    public static final String SUBSTRING_ERROR = "22011";
    public static final String DIVISION_BY_ZERO = "22012";
    public static final String INTERVAL_FIELD_OVERFLOW = "22015";
    public static final String INVALID_REGULAR_EXPRESSION = "2201B";
    public static final String INVALID_ARGUMENT_FOR_LOGARITHM = "2201E";
    public static final String INVALID_ARGUMENT_FOR_POWER = "2201F";
    public static final String INVALID_ROW_COUNT_IN_LIMIT = "2201W";
    public static final String INVALID_ROW_COUNT_IN_OFFSET = "2201X";
    public static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";
    public static final String INVALID_PARAMETER_VALUE = "22023";
    public static final String INVALID_ESCAPE_SEQUENCE = "22025";
    public static final String INVALID_TEXT_REPRESENTATION = "22P02";
    public static final String NOT_NULL_VIOLATION = "23502";
    public static final String UNIQUE_VIOLATION = "23505";
    public static final String CHECK_VIOLATION = "23514";
    public static final String INVALID_TRANSACTION_STATE = "25000";
    public static final String ACTIVE_SQL_TRANSACTION = "25001";
    public static final String READ_ONLY_SQL_TRANSACTION = "25006";
    public static final String NO_ACTIVE_SQL_TRANSACTION = "25P01";
    public static final String IN_FAILED_SQL_TRANSACTION = "25P02";
    public static final String DEPENDENT_OBJECTS_STILL_EXIST = "2BP01";
    public static final String INVALID_SAVEPOINT_SPECIFICATION = "3B001";
    public static final String INVALID_SCHEMA_NAME = "3F000";
    public static final String SERIALIZATION_FAILURE = "40001";
    public static final String DEADLOCK_DETECTED = "40P01";
    public static final String SYNTAX_ERROR = "42601";
    public static final String INVALID_COLUMN_DEFINITION = "42611";
    public static final String DUPLICATE_COLUMN = "42701";
    public static final String AMBIGUOUS_COLUMN = "42702";
    public static final String UNDEFINED_COLUMN = "42703";
    public static final String UNDEFINED_OBJECT = "42704";
    public static final String DUPLICATE_OBJECT = "42710";
    public static final String DUPLICATE_ALIAS = "42712";
    public static final String AMBIGUOUS_FUNCTION = "42725";
    public static final String GROUPING_ERROR = "42803";
    public static final String DATATYPE_MISMATCH = "42804";
    public static final String WRONG_OBJECT_TYPE = "42809";
    public static final String CANNOT_COERCE = "42846";
    public static final String UNDEFINED_FUNCTION = "42883";
    public static final String UNDEFINED_TABLE = "42P01";
    public static final String UNDEFINED_PARAMETER = "42P02";
    public static final String DUPLICATE_TABLE = "42P07";
    public static final String INVALID_COLUMN_REFERENCE = "42P10";
    public static final String INDETERMINATE_DATATYPE = "42P18";
    public static final String INVALID_TABLE_DEFINITION = "42P16";
    public static final String INVALID_RECURSION = "42P19";
    public static final String DISK_FULL = "53100";
    public static final String PROGRAM_LIMIT_EXCEEDED = "54000";
    public static final String STATEMENT_TOO_COMPLEX = "54001";
    public static final String LOCK_NOT_AVAILABLE = "55P03";
    public static final String IO_ERROR = "58030";
    public static final String INTERNAL_ERROR = "XX000";
    public static final String QUERY_CANCELED = "57014";
    public static final String ADMIN_SHUTDOWN = "57P01";

    private SqlState() {}
}
