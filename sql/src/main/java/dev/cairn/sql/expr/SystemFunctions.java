package dev.cairn.sql.expr;

import static dev.cairn.sql.expr.Arguments.integer;
import static dev.cairn.sql.type.SqlType.INTEGER;
import static dev.cairn.sql.type.SqlType.RECORD;
import static dev.cairn.sql.type.SqlType.TEXT;

import java.util.List;

/** Functions that tell of the session and its like. */
final class SystemFunctions {

    static final Registry REGISTRY = new Registry();

    static {
        REGISTRY.addVolatile(
                "pg_stat_get_backend_subxact",
                RECORD,
                List.of(INTEGER),
                (a, e) -> e.session().subxacts(integer(a, 0)));
        REGISTRY.addVolatile(
                "pg_stat_get_backend_pid",
                INTEGER,
                List.of(INTEGER),
                (a, e) -> e.session().pid(integer(a, 0)));
        REGISTRY.addVolatile(
                "pg_backend_pid", INTEGER, List.of(), (a, e) -> e.session().pid());
        REGISTRY.addVolatile("version", TEXT, List.of(), (a, e) -> "Cairn 0.1.0");
        for (String name : List.of("current_user", "session_user", "user", "current_role")) {
            REGISTRY.addVolatile(name, TEXT, List.of(), (a, e) -> "cairn");
        }
        REGISTRY.addVolatile("current_schema", TEXT, List.of(), (a, e) -> "public");
        for (String name : List.of("current_database", "current_catalog")) {
            REGISTRY.addVolatile(name, TEXT, List.of(), (a, e) -> "cairn");
        }
    }

    private SystemFunctions() {}
}
