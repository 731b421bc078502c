package dev.cairn.sql.syntax;

import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * PostgreSQL's lexical rules, with standard_conforming_strings on: nested comments, strings continued over a line break,
 * E'' strings, dollar quotes, quoted identifiers, operators as long as they go.
 *
 * <p>A lexer is used once, by one thread.
 */
public final class Lexer {

    private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`?";
    private static final String LONG_OPERATOR_CHARACTERS = "~!@#%^&|`?";

    private final String source;
    private int at;
    private boolean open;

    private Lexer(String source) {
        this.source = source;
    }

    /**
     * All tokens, an END last.
     *
     * @throws TransactionException 42601 for what is no token, as an unterminated string
     */
    public static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.next();
            if (lexer.open) {
                throw syntaxError(source.substring(Math.min(token.start(), source.length())), "unterminated token");
            }
            tokens.add(token);
        } while (token.kind() != Token.Kind.END);
        return tokens;
    }

    static TransactionException syntaxError(String near, String what) {
        String shown = near.isEmpty()
                ? "end of input"
                : "\"" + near.lines().findFirst().orElse("") + "\"";
        return new TransactionException(SqlState.SYNTAX_ERROR, what + " at or near " + shown);
    }

    /** Skips blanks and comments; false if the source ended within a comment. */
    private boolean skipBlanks() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
                at++;
            } else if (source.startsWith("--", at)) {
                int end = source.indexOf('\n', at);
                at = end < 0 ? source.length() : end + 1;
            } else if (source.startsWith("/*", at)) {
                if (!skipComment()) {
                    return false;
                }
            } else {
                break;
            }
        }
        return true;
    }

    private boolean skipComment() {
        int depth = 0;
        do {
            if (source.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (source.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < source.length());
        at = Math.min(at, source.length());
        return depth == 0;
    }

    private Token next() {
        open = !skipBlanks();
        int start = at;
        if (at >= source.length()) {
            return new Token(Token.Kind.END, "", start, start);
        }
        char c = source.charAt(at);
        if (c == '\'') {
            return string(start, false);
        }
        if (c == '"') {
            return quoted(start);
        }
        if (c == '$') {
            return dollar(start);
        }
        if (isDigit(c) || (c == '.' && at + 1 < source.length() && isDigit(source.charAt(at + 1)))) {
            return number(start);
        }
        if (isIdentifierStart(c)) {
            return word(start);
        }
        if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
            return operator(start);
        }
        if (source.startsWith("::", at) || source.startsWith(":=", at)) {
            at += 2;
            return new Token(Token.Kind.OPERATOR, source.substring(start, at), start, at);
        }
        at++;
        return new Token(Token.Kind.OPERATOR, String.valueOf(c), start, at);
    }

    private Token word(int start) {
        char c = source.charAt(at);
        if (at + 1 < source.length() && source.charAt(at + 1) == '\'') {
            if (c == 'e' || c == 'E') {
                at++;
                return string(start, true);
            }
            if ("bBxXnN".indexOf(c) >= 0) {
                throw new TransactionException(
                        SqlState.FEATURE_NOT_SUPPORTED, "string constants with prefix " + c + " are not supported");
            }
        }
        if ((c == 'u' || c == 'U')
                && at + 2 < source.length()
                && source.charAt(at + 1) == '&'
                && (source.charAt(at + 2) == '\'' || source.charAt(at + 2) == '"')) {
            throw new TransactionException(SqlState.FEATURE_NOT_SUPPORTED, "U& escapes are not supported");
        }
        while (at < source.length() && isIdentifierPart(source.charAt(at))) {
            at++;
        }
        String text = source.substring(start, at).toLowerCase(Locale.ROOT);
        return new Token(Token.Kind.WORD, text, start, at);
    }

    private Token string(int start, boolean escapes) {
        StringBuilder value = new StringBuilder();
        while (true) {
            if (!quotedBody('\'', escapes, value)) {
                open = true;
                return new Token(Token.Kind.STRING, value.toString(), start, at);
            }
            int resume = at;
            int scan = at;
            boolean lineBreak = false;
            while (scan < source.length() && Character.isWhitespace(source.charAt(scan))) {
                lineBreak |= source.charAt(scan) == '\n';
                scan++;
            }
            if (!lineBreak || scan >= source.length() || source.charAt(scan) != '\'') {
                at = resume;
                return new Token(Token.Kind.STRING, value.toString(), start, at);
            }
            at = scan;
        }
    }

    private Token quoted(int start) {
        StringBuilder value = new StringBuilder();
        open = !quotedBody('"', false, value);
        if (!open && value.length() == 0) {
            throw new TransactionException(SqlState.SYNTAX_ERROR, "zero-length delimited identifier");
        }
        return new Token(Token.Kind.QUOTED, value.toString(), start, at);
    }

    /** From the opening quote to after the closing one; false if there is none. */
    private boolean quotedBody(char quote, boolean escapes, StringBuilder value) {
        at++;
        while (at < source.length()) {
            char c = source.charAt(at++);
            if (c == quote) {
                if (at < source.length() && source.charAt(at) == quote) {
                    value.append(quote);
                    at++;
                } else {
                    return true;
                }
            } else if (escapes && c == '\\' && at < source.length()) {
                escape(value);
            } else {
                value.append(c);
            }
        }
        return false;
    }

    private void escape(StringBuilder value) {
        char c = source.charAt(at++);
        switch (c) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'x' -> codePoint(value, 16, 2, "x");
            case 'u' -> codePoint(value, 16, 4, "");
            case 'U' -> codePoint(value, 16, 8, "");
            default -> {
                if (c >= '0' && c <= '7') {
                    at--;
                    codePoint(value, 8, 3, "");
                } else {
                    value.append(c);
                }
            }
        }
    }

    private void codePoint(StringBuilder value, int radix, int digits, String literal) {
        int from = at;
        while (at < source.length() && at - from < digits && Character.digit(source.charAt(at), radix) >= 0) {
            at++;
        }
        if (at == from) {
            value.append(literal);
            return;
        }
        int c = Integer.parseUnsignedInt(source.substring(from, at), radix);
        if (!Character.isValidCodePoint(c) || c == 0) {
            throw new TransactionException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid Unicode escape value");
        }
        value.appendCodePoint(c);
    }

    private Token dollar(int start) {
        int scan = at + 1;
        if (scan < source.length() && isDigit(source.charAt(scan))) {
            while (scan < source.length() && isDigit(source.charAt(scan))) {
                scan++;
            }
            at = scan;
            return new Token(Token.Kind.PARAMETER, source.substring(start, at), start, at);
        }
        while (scan < source.length() && isIdentifierPart(source.charAt(scan)) && source.charAt(scan) != '$') {
            scan++;
        }
        if (scan >= source.length() || source.charAt(scan) != '$') {
            at++;
            return new Token(Token.Kind.OPERATOR, "$", start, at);
        }
        String tag = source.substring(start, scan + 1);
        int end = source.indexOf(tag, scan + 1);
        open = end < 0;
        at = open ? source.length() : end + tag.length();
        return new Token(Token.Kind.STRING, open ? "" : source.substring(scan + 1, end), start, at);
    }

    private Token number(int start) {
        digits();
        if (at < source.length() && source.charAt(at) == '.' && !source.startsWith("..", at)) {
            at++;
            digits();
        }
        if (at < source.length() && (source.charAt(at) == 'e' || source.charAt(at) == 'E')) {
            int scan = at + 1;
            if (scan < source.length() && (source.charAt(scan) == '+' || source.charAt(scan) == '-')) {
                scan++;
            }
            if (scan < source.length() && isDigit(source.charAt(scan))) {
                at = scan;
                digits();
            }
        }
        if (at < source.length() && isIdentifierStart(source.charAt(at))) {
            throw syntaxError(source.substring(start, at + 1), "trailing junk after numeric literal");
        }
        return new Token(Token.Kind.NUMBER, source.substring(start, at), start, at);
    }

    private void digits() {
        while (at < source.length() && isDigit(source.charAt(at))) {
            at++;
        }
    }

    private Token operator(int start) {
        while (at < source.length()
                && OPERATOR_CHARACTERS.indexOf(source.charAt(at)) >= 0
                && !(at > start && (source.startsWith("--", at) || source.startsWith("/*", at)))) {
            at++;
        }
        while (at - start > 1
                && "+-".indexOf(source.charAt(at - 1)) >= 0
                && source.substring(start, at).chars().noneMatch(c -> LONG_OPERATOR_CHARACTERS.indexOf(c) >= 0)) {
            at--;
        }
        return new Token(Token.Kind.OPERATOR, source.substring(start, at), start, at);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isIdentifierStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    private static boolean isIdentifierPart(char c) {
        return isIdentifierStart(c) || isDigit(c) || c == '$';
    }

    /**
     * The end of the first statement at or after an offset, as psql finds it: the semicolon outside of quotes, comments and
     * parentheses.
     *
     * @return the offset of the semicolon; -1 if the source ends before one
     */
    public static int statementEnd(String source, int from) {
        Lexer lexer = new Lexer(source);
        lexer.at = from;
        int depth = 0;
        while (true) {
            Token token = lexer.nextLenient();
            if (token.kind() == Token.Kind.END || lexer.open) {
                return -1;
            }
            if (token.isOperator("(")) {
                depth++;
            } else if (token.isOperator(")")) {
                depth = Math.max(0, depth - 1);
            } else if (token.isOperator(";") && depth == 0) {
                return token.start();
            }
        }
    }

    /** As next, but what the server would refuse is for the server to refuse. */
    private Token nextLenient() {
        int start = at;
        try {
            return next();
        } catch (TransactionException refused) {
            at = Math.max(at, start + 1);
            return new Token(Token.Kind.OPERATOR, "", start, at);
        }
    }

    /** The offset of the first character at or after an offset that is neither blank nor in a comment; the length if none. */
    public static int skipBlanks(String source, int from) {
        Lexer lexer = new Lexer(source);
        lexer.at = from;
        return lexer.skipBlanks() ? lexer.at : source.length();
    }
}
