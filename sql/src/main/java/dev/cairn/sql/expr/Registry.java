package dev.cairn.sql.expr;

import dev.cairn.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Routines by name, filled once while the class that owns it loads. */
final class Registry {

    private final Map<String, List<Routine>> routines = new HashMap<>();

    /** Strict and immutable, as most are. */
    void add(String name, SqlType result, List<SqlType> parameters, Routine.Body body) {
        put(new Routine(name, parameters, result, true, true, false, body));
    }

    /** Gives another result with the same arguments, in another statement or at once. */
    void addVolatile(String name, SqlType result, List<SqlType> parameters, Routine.Body body) {
        put(new Routine(name, parameters, result, true, false, false, body));
    }

    /** Sees null arguments. */
    void addNullable(String name, SqlType result, List<SqlType> parameters, boolean variadic, Routine.Body body) {
        put(new Routine(name, parameters, result, false, true, variadic, body));
    }

    void put(Routine routine) {
        routines.computeIfAbsent(routine.name(), name -> new ArrayList<>()).add(routine);
    }

    List<Routine> named(String name) {
        return routines.getOrDefault(name, List.of());
    }

    void putAll(Registry other) {
        other.routines.values().forEach(list -> list.forEach(this::put));
    }
}
