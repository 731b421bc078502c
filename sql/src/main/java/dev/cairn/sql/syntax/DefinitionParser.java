package dev.cairn.sql.syntax;

import dev.cairn.sql.syntax.Ast.Constraint;
import dev.cairn.sql.type.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads CREATE TABLE with a list of columns, CREATE INDEX, DROP INDEX and ALTER TABLE, and gives their expressions and types to
 * JSqlParser. Of what PostgreSQL has here and Cairn has not, the first thing is remembered, to be refused when the statement runs:
 * a syntax error behind it comes first.
 *
 * <p>Used once, by one thread.
 */
final class DefinitionParser {

    private static final Set<String> COLUMN_RULES = Set.of(
            "not",
            "null",
            "constraint",
            "primary",
            "unique",
            "check",
            "default",
            "references",
            "collate",
            "generated",
            "deferrable",
            "initially",
            "storage",
            "compression");
    private static final Set<String> TABLE_RULES =
            Set.of("constraint", "primary", "unique", "check", "foreign", "exclude", "like");

    private final String source;
    private final List<Token> tokens;
    private final List<String> unsupported = new ArrayList<>();
    private final List<Constraint> constraints = new ArrayList<>();
    private int at;

    private DefinitionParser(String source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    /** The statement; null if it is none of these. */
    static Ast.@Nullable Statement parse(String source, List<Token> tokens) {
        Token second = tokens.get(Math.min(1, tokens.size() - 1));
        DefinitionParser parser = new DefinitionParser(source, tokens);
        parser.at = 2;
        return switch (tokens.get(0).text()) {
            case "create" ->
                second.isWord("table")
                        ? (parser.isFromQuery() ? null : parser.createTable())
                        : second.isWord("index") || second.isWord("unique") ? parser.createIndex() : null;
            case "drop" -> second.isWord("index") ? parser.dropIndex() : null;
            case "alter" -> second.isWord("table") ? parser.alterTable() : null;
            default -> null;
        };
    }

    private Token peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private boolean accept(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!tokens.get(Math.min(at + i, tokens.size() - 1)).isWord(words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    private boolean acceptOperator(String operator) {
        if (peek().isOperator(operator)) {
            at++;
            return true;
        }
        return false;
    }

    private RuntimeException unexpected() {
        return Lexer.syntaxError(peek().text(), "syntax error");
    }

    private void require(String... words) {
        for (String word : words) {
            if (!accept(word)) {
                throw unexpected();
            }
        }
    }

    private void requireOperator(String operator) {
        if (!acceptOperator(operator)) {
            throw unexpected();
        }
    }

    private void requireEnd() {
        if (peek().kind() != Token.Kind.END) {
            throw unexpected();
        }
    }

    private String name() {
        Token token = peek();
        boolean word = token.kind() == Token.Kind.WORD
                && !Keywords.isReserved(token.text())
                && !Keywords.isFunctionOrType(token.text());
        if (token.kind() != Token.Kind.QUOTED && !word) {
            throw unexpected();
        }
        at++;
        return Names.cut(token.text());
    }

    private Ast.Name qualifiedName() {
        String first = name();
        return acceptOperator(".") ? new Ast.Name(first, name()) : new Ast.Name(null, first);
    }

    private List<String> names() {
        requireOperator("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(name());
        } while (acceptOperator(","));
        requireOperator(")");
        return names;
    }

    /** Remembers what is PostgreSQL's alone and goes to the end of this element of the list, or of the statement. */
    private void refuse(String what) {
        unsupported.add(what);
        skip(Set.of());
    }

    /** Goes to the end of the element, or to one of these words in it. */
    private void skip(Set<String> words) {
        int depth = 0;
        while (peek().kind() != Token.Kind.END) {
            Token token = peek();
            boolean closing = token.isOperator(")");
            if (depth == 0
                    && (closing
                            || token.isOperator(",")
                            || (token.kind() == Token.Kind.WORD && words.contains(token.text())))) {
                return;
            }
            depth += token.isOperator("(") ? 1 : closing ? -1 : 0;
            at++;
        }
    }

    /** The tokens from one to before another, as a query that has nothing else in its list. */
    private Ast.Expr expression(int from, int to, String before, String after) {
        if (from == to) {
            throw Lexer.syntaxError(tokens.get(to).text(), "syntax error");
        }
        List<Token> query = new ArrayList<>(Lexer.tokens(before));
        query.remove(query.size() - 1);
        query.addAll(tokens.subList(from, to));
        query.addAll(Lexer.tokens(after));
        return Parser.selected(query);
    }

    private Ast.Written written(int from, int to) {
        Ast.Expr expr = expression(from, to, "select (", ")");
        return new Ast.Written(
                source.substring(tokens.get(from).start(), tokens.get(to - 1).end()), expr);
    }

    private Ast.Written parenthesized() {
        requireOperator("(");
        int from = at;
        int depth = 1;
        for (; depth > 0 && peek().kind() != Token.Kind.END; at++) {
            depth += peek().isOperator("(") ? 1 : peek().isOperator(")") ? -1 : 0;
        }
        if (depth > 0) {
            throw unexpected();
        }
        return written(from, at - 1);
    }

    // CREATE TABLE

    /** Whether AS follows, with or without columns' names before. */
    private boolean isFromQuery() {
        int begin = at;
        try {
            accept("if", "not", "exists");
            if (!peek().isName()) {
                return false;
            }
            qualifiedName();
            if (acceptOperator("(")) {
                int depth = 1;
                for (; depth > 0 && peek().kind() != Token.Kind.END; at++) {
                    depth += peek().isOperator("(") ? 1 : peek().isOperator(")") ? -1 : 0;
                }
            }
            return peek().isWord("as") || peek().isWord("with") || peek().isWord("using");
        } finally {
            at = begin;
        }
    }

    private Ast.Statement createTable() {
        boolean ifNotExists = accept("if", "not", "exists");
        Ast.Name name = qualifiedName();
        if (accept("partition", "of") || accept("of")) {
            throw SqlErrors.notSupported("CREATE TABLE … OF");
        }
        List<Ast.ColumnDefinition> columns = new ArrayList<>();
        requireOperator("(");
        if (!acceptOperator(")")) {
            do {
                if (peek().kind() == Token.Kind.WORD && TABLE_RULES.contains(peek().text())) {
                    tableRule();
                } else {
                    columns.add(column());
                }
            } while (acceptOperator(","));
            requireOperator(")");
        }
        accept("without", "oids");
        for (String option : List.of("inherits", "partition", "with", "on", "tablespace", "using")) {
            if (peek().isWord(option)) {
                throw SqlErrors.notSupported("CREATE TABLE … " + option.toUpperCase(Locale.ROOT));
            }
        }
        requireEnd();
        return new Ast.CreateTable(name, ifNotExists, columns, constraints, unsupported, null, List.of());
    }

    private Ast.ColumnDefinition column() {
        String name = name();
        int from = at;
        skip(COLUMN_RULES);
        Ast.Expr cast = expression(from, at, "select cast(null as ", ")");
        if (!(cast instanceof Ast.Cast typed)) {
            throw Lexer.syntaxError(tokens.get(from).text(), "syntax error");
        }
        boolean notNull = false;
        boolean explicitNull = false;
        Ast.Written byDefault = null;
        while (!peek().isOperator(",") && !peek().isOperator(")")) {
            String constraint = accept("constraint") ? name() : null;
            if (accept("not", "null")) {
                notNull = true;
            } else if (accept("null")) {
                explicitNull = true;
            } else if (accept("default")) {
                if (byDefault != null) {
                    throw SqlErrors.syntax("multiple default values specified for column \"" + name + "\"");
                }
                byDefault = defaultValue();
            } else {
                columnRule(name, constraint);
            }
        }
        return new Ast.ColumnDefinition(name, typed.type(), notNull, explicitNull, byDefault);
    }

    private Ast.Written defaultValue() {
        int from = at;
        accept("null");
        skip(COLUMN_RULES);
        return written(from, at);
    }

    private void columnRule(String column, @Nullable String name) {
        if (peek().isWord("collate")) {
            at++;
            String collation = name();
            if (!Preparation.COLLATIONS.contains(collation)) {
                throw SqlErrors.notSupported("collation \"" + collation + "\"");
            }
        } else if (peek().isWord("references")) {
            refuse("the column constraint REFERENCES");
        } else if (peek().isWord("generated") || peek().isWord("storage") || peek().isWord("compression")) {
            refuse("the column constraint " + peek().text().toUpperCase(Locale.ROOT));
        } else if (!keyOrCheck(column, name)) {
            throw unexpected();
        }
    }

    private void tableRule() {
        String name = accept("constraint") ? name() : null;
        if (accept("foreign", "key")) {
            refuse("a foreign key");
        } else if (accept("exclude")) {
            refuse("an exclusion constraint");
        } else if (accept("like")) {
            refuse("LIKE");
        } else if (!keyOrCheck(null, name)) {
            throw unexpected();
        }
    }

    /** @param column whose constraint it is; null for the table's */
    private boolean keyOrCheck(@Nullable String column, @Nullable String name) {
        Constraint.Kind kind;
        if (accept("primary", "key")) {
            kind = Constraint.Kind.PRIMARY_KEY;
        } else if (accept("unique")) {
            kind = Constraint.Kind.UNIQUE;
            if (accept("nulls", "not", "distinct")) {
                unsupported.add("NULLS NOT DISTINCT");
            } else {
                accept("nulls", "distinct");
            }
        } else if (accept("check")) {
            constraints.add(new Constraint(Constraint.Kind.CHECK, name, List.of(), parenthesized(), column));
            if (accept("no", "inherit")) {
                unsupported.add("NO INHERIT");
            }
            return true;
        } else {
            return false;
        }
        List<String> columns = column == null ? names() : List.of(column);
        constraints.add(new Constraint(kind, name, columns, null, column));
        for (String option : List.of("include", "with", "using")) {
            if (peek().isWord(option)) {
                refuse(option.toUpperCase(Locale.ROOT) + " of a key");
            }
        }
        timing();
        return true;
    }

    private void timing() {
        while (true) {
            if (accept("deferrable") || accept("initially", "deferred")) {
                unsupported.add("a deferrable constraint");
            } else if (!accept("not", "deferrable") && !accept("initially", "immediate")) {
                return;
            }
        }
    }

    // CREATE INDEX, DROP INDEX

    private Ast.Statement createIndex() {
        boolean unique = tokens.get(1).isWord("unique");
        if (unique) {
            require("index");
        }
        concurrently();
        boolean ifNotExists = accept("if", "not", "exists");
        String name = ifNotExists || !peek().isWord("on") ? name() : null;
        require("on");
        accept("only");
        Ast.Name table = qualifiedName();
        if (accept("using")) {
            String method = name();
            if (!method.equals("btree")) {
                unsupported.add("an index of method " + method);
            }
        }
        requireOperator("(");
        List<Ast.IndexPart> parts = new ArrayList<>();
        do {
            parts.add(indexPart());
        } while (acceptOperator(","));
        requireOperator(")");
        for (String option : List.of("include", "nulls", "with", "tablespace", "where")) {
            if (accept(option)) {
                throw SqlErrors.notSupported("CREATE INDEX … " + option.toUpperCase(Locale.ROOT));
            }
        }
        requireEnd();
        refuseUnsupported();
        return new Ast.CreateIndex(name, unique, ifNotExists, table, parts);
    }

    private void concurrently() {
        if (accept("concurrently")) {
            unsupported.add("CONCURRENTLY");
        }
    }

    private void refuseUnsupported() {
        if (!unsupported.isEmpty()) {
            throw SqlErrors.notSupported(unsupported.get(0));
        }
    }

    private Ast.IndexPart indexPart() {
        boolean call = peek().isName()
                && tokens.get(Math.min(at + 1, tokens.size() - 1)).isOperator("(");
        String column = "";
        if (call || peek().isOperator("(")) {
            refuse("an index on an expression");
        } else {
            column = name();
        }
        if (accept("collate") && !Preparation.COLLATIONS.contains(name())) {
            unsupported.add("a collation of an index");
        }
        boolean descending = accept("desc");
        if (!descending) {
            accept("asc");
        }
        Boolean nullsFirst = null;
        if (accept("nulls")) {
            nullsFirst = accept("first");
            if (!nullsFirst) {
                require("last");
            }
        }
        if (peek().isName()) {
            refuse("an operator class");
        }
        return new Ast.IndexPart(column, descending, nullsFirst);
    }

    private Ast.Statement dropIndex() {
        concurrently();
        boolean ifExists = accept("if", "exists");
        List<Ast.Name> names = new ArrayList<>();
        do {
            names.add(qualifiedName());
        } while (acceptOperator(","));
        if (!accept("cascade")) {
            accept("restrict");
        }
        requireEnd();
        refuseUnsupported();
        return new Ast.DropIndex(names, ifExists);
    }

    // ALTER TABLE

    private Ast.Statement alterTable() {
        boolean ifExists = accept("if", "exists");
        accept("only");
        Ast.Name table = qualifiedName();
        acceptOperator("*");
        List<Ast.Alteration> alterations = new ArrayList<>();
        do {
            Ast.Alteration alteration = alteration();
            if (alteration != null) {
                alterations.add(alteration);
            }
        } while (acceptOperator(","));
        requireEnd();
        refuseUnsupported();
        return new Ast.AlterTable(table, ifExists, alterations);
    }

    /** Null for one that is PostgreSQL's alone. */
    private Ast.@Nullable Alteration alteration() {
        int begin = at;
        if (accept("add") && peek().kind() == Token.Kind.WORD && TABLE_RULES.contains(peek().text())) {
            int known = constraints.size();
            tableRule();
            if (accept("not", "valid")) {
                unsupported.add("NOT VALID");
            }
            return constraints.size() == known ? null : new Ast.AddConstraint(constraints.get(known));
        }
        at = begin;
        if (accept("drop", "constraint")) {
            boolean ifExists = accept("if", "exists");
            Ast.Alteration drop = new Ast.DropConstraint(name(), ifExists);
            if (!accept("cascade")) {
                accept("restrict");
            }
            return drop;
        }
        if (accept("alter") && !peek().isWord("constraint")) {
            accept("column");
            String column = name();
            if (accept("set", "not", "null")) {
                return new Ast.SetNotNull(column, true);
            }
            if (accept("drop", "not", "null")) {
                return new Ast.SetNotNull(column, false);
            }
            if (accept("drop", "default")) {
                return new Ast.SetDefault(column, null);
            }
            if (accept("set", "default")) {
                int from = at;
                skip(Set.of());
                return new Ast.SetDefault(column, written(from, at));
            }
        }
        at = begin;
        refuse("ALTER TABLE … " + peek().text().toUpperCase(Locale.ROOT));
        return null;
    }
}
