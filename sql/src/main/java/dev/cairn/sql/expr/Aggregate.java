package dev.cairn.sql.expr;

import static dev.cairn.sql.type.SqlType.BIGINT;
import static dev.cairn.sql.type.SqlType.BOOLEAN;
import static dev.cairn.sql.type.SqlType.BYTEA;
import static dev.cairn.sql.type.SqlType.DATE;
import static dev.cairn.sql.type.SqlType.DOUBLE;
import static dev.cairn.sql.type.SqlType.INTEGER;
import static dev.cairn.sql.type.SqlType.INTERVAL;
import static dev.cairn.sql.type.SqlType.NUMERIC;
import static dev.cairn.sql.type.SqlType.SMALLINT;
import static dev.cairn.sql.type.SqlType.TEXT;
import static dev.cairn.sql.type.SqlType.TIMESTAMP;
import static dev.cairn.sql.type.SqlType.TIMESTAMPTZ;

import dev.cairn.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An aggregate function of certain argument types. Compared by identity. */
public final class Aggregate {

    /** The state over one group's rows. */
    public interface State {

        /** Takes one row's arguments; for all but count(*) the first is not null. */
        void add(@Nullable Object[] arguments);

        /** The result over the rows so far. */
        @Nullable Object result();
    }

    private static final List<Aggregate> ALL = new ArrayList<>();

    static {
        add("count", BIGINT, List.of(), Accumulators.Count::new);
        add("count", BIGINT, List.of(SqlType.UNKNOWN), Accumulators.Count::new);
        for (SqlType type : List.of(SMALLINT, INTEGER)) {
            add("sum", BIGINT, List.of(type), Accumulators.LongSum::new);
        }
        for (SqlType type : List.of(BIGINT, NUMERIC)) {
            add("sum", NUMERIC, List.of(type), () -> new Accumulators.NumericSum(false));
        }
        add("sum", DOUBLE, List.of(DOUBLE), () -> new Accumulators.DoubleSum(false));
        add("sum", INTERVAL, List.of(INTERVAL), () -> new Accumulators.IntervalSum(false));
        for (SqlType type : List.of(SMALLINT, INTEGER, BIGINT, NUMERIC)) {
            add("avg", NUMERIC, List.of(type), () -> new Accumulators.NumericSum(true));
        }
        add("avg", DOUBLE, List.of(DOUBLE), () -> new Accumulators.DoubleSum(true));
        add("avg", INTERVAL, List.of(INTERVAL), () -> new Accumulators.IntervalSum(true));
        for (SqlType type :
                List.of(SMALLINT, INTEGER, BIGINT, NUMERIC, DOUBLE, TEXT, DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL)) {
            add("min", type, List.of(type), () -> new Accumulators.Extreme(-1));
            add("max", type, List.of(type), () -> new Accumulators.Extreme(1));
        }
        for (String name : List.of("bool_and", "every")) {
            add(name, BOOLEAN, List.of(BOOLEAN), () -> new Accumulators.Bool(true));
        }
        add("bool_or", BOOLEAN, List.of(BOOLEAN), () -> new Accumulators.Bool(false));
        add("string_agg", TEXT, List.of(TEXT, TEXT), Accumulators.TextJoin::new);
        add("string_agg", BYTEA, List.of(BYTEA, BYTEA), Accumulators.BytesJoin::new);
        addVariance();
    }

    private static void addVariance() {
        for (String name : List.of("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop")) {
            boolean root = name.startsWith("stddev");
            boolean population = name.endsWith("_pop");
            for (SqlType type : List.of(SMALLINT, INTEGER, BIGINT, NUMERIC)) {
                add(name, NUMERIC, List.of(type), () -> new Accumulators.NumericVariance(root, population));
            }
            add(name, DOUBLE, List.of(DOUBLE), () -> new Accumulators.DoubleVariance(root, population));
        }
    }

    private final Routine routine;
    private final Supplier<State> states;

    private Aggregate(Routine routine, Supplier<State> states) {
        this.routine = routine;
        this.states = states;
    }

    private static void add(String name, SqlType result, List<SqlType> parameters, Supplier<State> states) {
        Routine routine = new Routine(name, parameters, result, true, false, false, (a, e) -> {
            throw new IllegalStateException("an aggregate has no value for one row");
        });
        ALL.add(new Aggregate(routine, states));
    }

    public String name() {
        return routine.name();
    }

    /** The routines of this name, for the choice among them. */
    public static List<Routine> routines(String name) {
        return ALL.stream()
                .map(aggregate -> aggregate.routine)
                .filter(routine -> routine.name().equals(name))
                .toList();
    }

    /** The aggregate that a chosen routine stands for. */
    public static Aggregate of(Routine routine) {
        return ALL.stream()
                .filter(aggregate -> aggregate.routine.equals(routine))
                .findFirst()
                .orElseThrow();
    }

    public static boolean exists(String name) {
        return !routines(name).isEmpty();
    }

    public State newState() {
        return states.get();
    }
}
