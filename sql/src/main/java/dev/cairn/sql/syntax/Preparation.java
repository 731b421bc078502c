package dev.cairn.sql.syntax;

import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Rewrites a statement's tokens into text that JSqlParser takes as PostgreSQL means it. Identifiers are quoted, so that words
 * which other databases reserve stay names; what JSqlParser does not read (an empty select list, {@code a = b IS NULL}, repeated
 * signs, typed literals) is written the long way.
 *
 * <p>Used once, by one thread.
 */
final class Preparation {

    /** Stands for the items of an empty select list. */
    static final String NO_ITEMS = "\u0001";

    private static final Set<String> OPERATORS = Set.of(
            "+", "-", "*", "/", "%", "^", "||", "=", "<>", "!=", "<", "<=", ">", ">=", "::", "(", ")", ",", ".", "&",
            "|", "<<", ">>");
    private static final Set<String> POSTGRES_OPERATORS = Set.of(
            "~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*", "#", "@", "|/", "||/", "->", "->>", "#>", "#>>", "@>",
            "<@", "&&", "?", "?|", "?&", "^@", "-|-", "=>", "&<", "&>", "<->", "@@", "##");
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");
    private static final Set<String> BOUNDARIES = Set.of(
            "and",
            "or",
            "where",
            "select",
            "distinct",
            "on",
            "having",
            "by",
            "when",
            "then",
            "else",
            "case",
            "set",
            "returning",
            "values",
            "limit",
            "offset",
            "all",
            "from");
    private static final Set<String> AFTER_NOT = Set.of("like", "ilike", "in", "between", "similar");
    private static final Set<String> OPERAND_ENDS =
            Set.of("end", "null", "true", "false", "default", "current_date", "current_timestamp", "localtimestamp");
    private static final Set<String> END_OF_ITEMS = Set.of(
            "from",
            "where",
            "group",
            "having",
            "union",
            "intersect",
            "except",
            "order",
            "limit",
            "offset",
            "fetch",
            "for",
            "into",
            "window");
    /** Text orders by code point always, so that these collations say nothing new. */
    static final Set<String> COLLATIONS = Set.of("C", "POSIX", "default", "ucs_basic");

    private static final Set<String> UNITS = Set.of("year", "month", "day", "hour", "minute", "second");

    private final List<Token> tokens;
    private final List<String> out = new ArrayList<>();
    /** For each open parenthesis, the word before it. */
    private final Deque<String> openers = new ArrayDeque<>();
    /** For each piece of output the depth of parentheses at which it stands. */
    private final List<Integer> depths = new ArrayList<>();

    private final boolean createTable;
    private int at;

    private Preparation(List<Token> tokens) {
        this.tokens = tokens;
        this.createTable = tokens.get(0).isWord("create");
    }

    /** @param tokens a statement's, with the END */
    static String prepare(List<Token> tokens) {
        Preparation preparation = new Preparation(tokens);
        preparation.run();
        return String.join(" ", preparation.out);
    }

    private void run() {
        while (peek(0).kind() != Token.Kind.END) {
            Token token = peek(0);
            switch (token.kind()) {
                case WORD -> word(token);
                case QUOTED -> emit(Names.quote(token.text()));
                case STRING -> emit(string(token.text()));
                case NUMBER -> emit(token.text());
                case OPERATOR -> operator(token);
                case PARAMETER ->
                    throw SqlErrors.of(SqlState.UNDEFINED_PARAMETER, "there is no parameter " + token.text());
                case END -> throw new IllegalStateException("past the end");
            }
            at++;
        }
    }

    private Token peek(int ahead) {
        int index = Math.max(at + ahead, 0);
        return tokens.get(Math.min(index, tokens.size() - 1));
    }

    private boolean previousIs(String... words) {
        return at > 0 && List.of(words).contains(peek(-1).kind() == Token.Kind.WORD ? peek(-1).text() : "");
    }

    private boolean nextIs(String... words) {
        return List.of(words).contains(peek(1).kind() == Token.Kind.WORD ? peek(1).text() : "");
    }

    private void emit(String piece) {
        out.add(piece);
        depths.add(openers.size());
    }

    private static String string(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private void operator(Token token) {
        String text = token.text();
        if (text.equals("[") || text.equals("]")) {
            if (text.equals("[") && !afterOperand() && !previousIs("array")) {
                throw Lexer.syntaxError("[", "syntax error");
            }
            throw SqlErrors.notSupported("an array");
        }
        if (text.equals(",") || text.equals("(")) {
            requireNoGap(peek(1));
        }
        if (!OPERATORS.contains(text)) {
            refuse(text);
        }
        if (text.equals("(")) {
            emit(text);
            openers.push(at > 0 && peek(-1).kind() == Token.Kind.WORD ? peek(-1).text() : "");
        } else if (text.equals(")")) {
            if (openers.isEmpty() || peek(-1).isOperator(",")) {
                throw Lexer.syntaxError(")", "syntax error");
            }
            openers.pop();
            emit(text);
        } else if ((text.equals("-") || text.equals("+")) && !afterOperand()) {
            signs();
        } else {
            emit(text.equals("!=") ? "<>" : text);
        }
    }

    /** JSqlParser lets some lists end in a comma. */
    private static void requireNoGap(Token next) {
        if (next.isOperator(",") || next.kind() == Token.Kind.END) {
            throw Lexer.syntaxError(next.text(), "syntax error");
        }
    }

    private static void refuse(String operator) {
        if (operator.indexOf('`') >= 0) {
            throw Lexer.syntaxError(operator, "syntax error");
        }
        if (POSTGRES_OPERATORS.contains(operator)) {
            throw SqlErrors.notSupported("operator " + operator);
        }
        if (operator.chars().allMatch(c -> "+-*/<>=~!@#%^&|`?".indexOf(c) >= 0)) {
            throw SqlErrors.of(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + operator);
        }
        throw Lexer.syntaxError(operator, "syntax error");
    }

    /** Whether the token before ends an operand, so that a sign here is an operator between two. */
    private boolean afterOperand() {
        if (at == 0) {
            return false;
        }
        Token before = peek(-1);
        return switch (before.kind()) {
            case NUMBER, STRING, QUOTED, PARAMETER -> true;
            case WORD ->
                (!Keywords.isReserved(before.text()) && !before.isWord("like") && !before.isWord("between"))
                        || OPERAND_ENDS.contains(before.text());
            case OPERATOR -> before.isOperator(")");
            case END -> false;
        };
    }

    private void signs() {
        boolean negative = false;
        int last = at;
        for (int i = at; tokens.get(i).isOperator("-") || tokens.get(i).isOperator("+"); i++) {
            negative ^= tokens.get(i).isOperator("-");
            last = i;
        }
        emit(negative ? "-" : "+");
        at = last;
    }

    private void word(Token token) {
        String text = token.text();
        if (at > 0 && peek(-1).isOperator(".")) {
            emit(Names.quote(text));
        } else if (previousIs("as") && isLabel(text)) {
            emit(Names.quote(text));
        } else if (Keywords.isType(text) && peek(1).kind() == Token.Kind.STRING && !previousIs("as")) {
            typedLiteral(text);
        } else if (text.equals("collate")) {
            collation();
        } else if (isDropped(text)) {
            at += text.equals("only") ? 0 : 1;
        } else if (text.equals("is") || text.equals("isnull") || text.equals("notnull")) {
            parenthesizeComparison();
            emit(text);
        } else if (text.equals("for") && isSubstringWithoutFrom()) {
            emit("from");
            emit("1");
            emit("for");
        } else {
            emit(isName(text) ? Names.quote(text) : text);
            if (text.equals("select")) {
                emptyItems();
            }
        }
    }

    private boolean isLabel(String text) {
        if (!openers.isEmpty() && openers.peek().equals("cast")) {
            return false;
        }
        boolean query = text.equals("select") || text.equals("with") || text.equals("values") || text.equals("table");
        boolean materialized = text.equals("materialized") || (text.equals("not") && nextIs("materialized"));
        return !(createTable && query) && !materialized;
    }

    private void typedLiteral(String type) {
        String value = peek(1).text();
        at++;
        if (type.equals("interval") && peek(1).kind() == Token.Kind.WORD && UNITS.contains(peek(1).text())) {
            value += " " + peek(1).text();
            at++;
        }
        emit("cast");
        emit("(");
        emit(string(value));
        emit("as");
        emit(Names.quote(type));
        emit(")");
    }

    private void collation() {
        String name = peek(1).text();
        if (!peek(1).isName() || !COLLATIONS.contains(name)) {
            throw SqlErrors.notSupported("collation \"" + name + "\"");
        }
        at++;
    }

    private boolean isDropped(String text) {
        boolean only = text.equals("only") && previousIs("update", "from", "table", "truncate") && peek(1).isName();
        boolean identity = (text.equals("restart") || text.equals("continue"))
                && nextIs("identity")
                && tokens.get(0).isWord("truncate");
        return only || identity;
    }

    private boolean isSubstringWithoutFrom() {
        if (openers.isEmpty() || !openers.peek().equals("substring")) {
            return false;
        }
        for (int i = out.size() - 1; i >= 0 && depths.get(i) >= openers.size(); i--) {
            if (depths.get(i) == openers.size() && out.get(i).equals("from")) {
                return false;
            }
        }
        return true;
    }

    /** IS binds weaker than comparisons; JSqlParser wants parentheses to read it so. */
    private void parenthesizeComparison() {
        int depth = openers.size();
        boolean comparison = false;
        int cases = 0;
        int begin = out.size();
        while (begin > 0 && depths.get(begin - 1) >= depth) {
            String piece = out.get(begin - 1);
            if (depths.get(begin - 1) == depth) {
                if (piece.equals("end")) {
                    cases++;
                } else if (piece.equals("case") && cases > 0) {
                    cases--;
                } else if (cases == 0 && isBoundary(piece, begin - 1)) {
                    break;
                } else {
                    comparison |= cases == 0 && (COMPARISONS.contains(piece) || AFTER_NOT.contains(piece));
                }
            }
            begin--;
        }
        if (comparison) {
            out.add(begin, "(");
            depths.add(begin, depth);
            for (int i = begin + 1; i < out.size(); i++) {
                depths.set(i, depths.get(i) + 1);
            }
            emit(")");
        }
    }

    private boolean isBoundary(String piece, int index) {
        if (piece.equals("not")) {
            return index + 1 >= out.size() || !AFTER_NOT.contains(out.get(index + 1));
        }
        return piece.equals(",") || BOUNDARIES.contains(piece);
    }

    private void emptyItems() {
        Token next = peek(1);
        boolean empty = next.kind() == Token.Kind.END
                || next.isOperator(")")
                || (next.kind() == Token.Kind.WORD && END_OF_ITEMS.contains(next.text()));
        if (empty) {
            emit(Names.quote(NO_ITEMS));
        }
    }

    /** Whether the word names something here, rather than being syntax. */
    private boolean isName(String text) {
        if (Keywords.isReserved(text)) {
            return false;
        }
        if (Keywords.isFunctionOrType(text)) {
            return (text.equals("left") || text.equals("right")) && peek(1).isOperator("(");
        }
        if (Keywords.isColumn(text)) {
            return isColumnKeywordName(text);
        }
        return !isSyntax(text);
    }

    private boolean isColumnKeywordName(String text) {
        return switch (text) {
            case "between", "values", "setof", "out", "inout", "none", "precision" -> false;
            case "exists" -> !peek(1).isOperator("(") && !previousIs("if", "not");
            case "extract", "position", "substring", "overlay", "trim", "row" ->
                !peek(1).isOperator("(") && !isRowCount();
            default -> !Keywords.isTypeKeyword(text);
        };
    }

    /** ROW or ROWS of FETCH and OFFSET. */
    private boolean isRowCount() {
        return nextIs("only", "fetch") || previousIs("first", "next") || isAfterOffset();
    }

    private boolean isAfterOffset() {
        boolean end = peek(1).kind() == Token.Kind.END || peek(1).isOperator(")") || nextIs("limit", "for");
        return end && at >= 2 && peek(-2).isWord("offset");
    }

    /** Whether an unreserved keyword is syntax where it stands. */
    private boolean isSyntax(String text) {
        return switch (text) {
            case "by" -> previousIs("group", "order", "partition", "generated");
            case "key" -> previousIs("primary", "foreign", "no") || nextIs("share");
            case "first", "last" -> previousIs("nulls", "fetch");
            case "next" -> previousIs("fetch");
            case "nulls" -> nextIs("first", "last");
            case "rows" -> isRowCount() || nextIs("from");
            case "set" -> true;
            case "insert", "update", "delete", "truncate", "drop", "explain" ->
                at == 0
                        || previousIs("for", "do", "key", "on", "explain")
                        || peek(-1).isOperator("(")
                        || peek(-1).isOperator(")");
            case "conflict" -> previousIs("on");
            case "nothing" -> previousIs("do");
            case "if" -> previousIs("table") && nextIs("exists", "not");
            case "cascade", "restrict" -> peek(1).kind() == Token.Kind.END || previousIs("delete", "update");
            case "temp", "temporary", "unlogged", "local", "global" -> previousIs("create", "local", "global");
            case "recursive" -> previousIs("with");
            case "materialized" -> previousIs("as", "not");
            case "filter" -> peek(-1).isOperator(")") && peek(1).isOperator("(");
            case "over", "within" -> peek(-1).isOperator(")");
            case "partition", "range", "groups" -> peek(-1).isOperator("(");
            case "escape" -> peek(1).kind() == Token.Kind.STRING;
            case "at" -> nextIs("time");
            case "zone" -> previousIs("time");
            case "of" -> previousIs("update", "share");
            case "share" -> previousIs("for", "key");
            case "nowait" -> tokens.stream().anyMatch(token -> token.isWord("for"));
            case "skip" -> nextIs("locked");
            case "locked" -> previousIs("skip");
            case "no" -> nextIs("key", "action");
            case "action" -> previousIs("no");
            case "ties" -> previousIs("with");
            case "double" -> nextIs("precision");
            case "varying" -> previousIs("character", "char", "national");
            case "without" -> nextIs("time");
            case "generated" -> nextIs("always", "by");
            case "always" -> previousIs("generated");
            case "identity" -> previousIs("as");
            case "ordinality" -> previousIs("with");
            case "unknown" -> previousIs("is", "not");
            case "deferred", "immediate" -> previousIs("initially");
            default -> false;
        };
    }
}
