package dev.cairn.sql.syntax;

import java.util.Set;

/** PostgreSQL's keywords by what they may still name. */
final class Keywords {

    /** May name nothing without quotes, but a column's label after AS. */
    private static final Set<String> RESERVED = words("""
            all analyse analyze and any array as asc asymmetric both case cast check collate column
            constraint create current_catalog current_date current_role current_time current_timestamp
            current_user default deferrable desc distinct do else end except false fetch for foreign from
            grant group having in initially intersect into lateral leading limit localtime localtimestamp
            not null offset on only or order placing primary references returning select session_user some
            symmetric table then to trailing true union unique user using variadic when where window with
            """);

    /** May name functions and types, not columns or tables. */
    private static final Set<String> FUNCTION_OR_TYPE = words("""
            authorization binary collation concurrently cross current_schema freeze full ilike inner is
            isnull join left like natural notnull outer overlaps right similar tablesample verbose
            """);

    /** May name columns and tables, not functions. */
    private static final Set<String> COLUMN = words("""
            between bigint bit boolean char character coalesce dec decimal exists extract float greatest
            grouping inout int integer interval least national nchar none normalize nullif numeric out
            overlay position precision real row setof smallint substring time timestamp treat trim values
            varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi
            xmlroot xmlserialize xmltable
            """);

    /** Keywords of the latter kind that are types. */
    private static final Set<String> TYPES = Set.of(
            "bigint",
            "bit",
            "boolean",
            "char",
            "character",
            "dec",
            "decimal",
            "float",
            "int",
            "integer",
            "interval",
            "national",
            "nchar",
            "numeric",
            "real",
            "smallint",
            "time",
            "timestamp",
            "varchar");

    /** Types whose names are no keywords, or such that may name anything. */
    private static final Set<String> OTHER_TYPES = Set.of(
            "text",
            "date",
            "bytea",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "bool",
            "timestamptz",
            "uuid",
            "json",
            "jsonb",
            "timetz",
            "bpchar",
            "name",
            "oid",
            "money",
            "inet",
            "cidr",
            "xml",
            "regclass",
            "regtype");

    /** Words that begin PostgreSQL's statements. */
    private static final Set<String> STATEMENTS = words("""
            abort alter analyse analyze begin call checkpoint close cluster comment commit copy create deallocate
            declare delete discard do drop end execute explain fetch grant import insert listen load lock merge move
            notify prepare reassign refresh reindex release reset revoke rollback savepoint security select set show
            start table truncate unlisten update vacuum values with
            """);

    /** Words that begin an object's kind after CREATE, ALTER or DROP. */
    private static final Set<String> OBJECTS = words("""
            access aggregate cast collation constraint conversion database default domain event extension foreign
            function global group index language large local materialized operator or owned policy procedural procedure
            publication recursive role routine rule schema sequence server statistics subscription system table
            tablespace temp temporary text transform trigger trusted type unique unlogged user view
            """);

    private Keywords() {}

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }

    static boolean isReserved(String word) {
        return RESERVED.contains(word);
    }

    static boolean isFunctionOrType(String word) {
        return FUNCTION_OR_TYPE.contains(word);
    }

    static boolean isColumn(String word) {
        return COLUMN.contains(word);
    }

    static boolean isTypeKeyword(String word) {
        return TYPES.contains(word);
    }

    /** Whether the word may stand before a string to give it a type. */
    static boolean isType(String word) {
        return TYPES.contains(word) || OTHER_TYPES.contains(word);
    }

    static boolean beginsStatement(String word) {
        return STATEMENTS.contains(word);
    }

    static boolean beginsObject(String word) {
        return OBJECTS.contains(word);
    }
}
