package dev.cairn.sql.expr;

import java.util.List;

/** The functions of single values, all kinds together. */
public final class Functions {

    private static final Registry REGISTRY = new Registry();

    static {
        REGISTRY.putAll(MathFunctions.REGISTRY);
        REGISTRY.putAll(TextFunctions.REGISTRY);
        REGISTRY.putAll(TimeFunctions.REGISTRY);
        REGISTRY.putAll(SystemFunctions.REGISTRY);
    }

    private Functions() {}

    /** The functions of this name; none if there is no such function. */
    public static List<Routine> named(String name) {
        return REGISTRY.named(name);
    }
}
