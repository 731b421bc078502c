package dev.cairn.sql.syntax;

import dev.cairn.sql.type.SqlErrors;
import dev.cairn.storage.base.SqlState;
import dev.cairn.storage.base.TransactionException;
import java.util.List;
import java.util.Locale;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.TokenMgrException;

/** Text to syntax tree. Stateless. */
public final class Parser {

    private Parser() {}

    /**
     * Parses one statement.
     *
     * @param sql without its semicolon; not blank
     * @return {@link Ast.Refused} for what is PostgreSQL's and not ours
     * @throws TransactionException 42601 for what is neither
     */
    public static Ast.Statement parse(String sql) {
        return parse(sql, Lexer.tokens(sql));
    }

    private static Ast.Statement parse(String sql, List<Token> tokens) {
        try {
            if (tokens.get(0).isWord("explain")) {
                return explain(sql, tokens);
            }
            Ast.Statement control = ControlRecognizer.recognize(tokens);
            if (control != null) {
                return control;
            }
            String refused = refused(tokens);
            return refused.isEmpty() ? statement(sql, tokens) : new Ast.Refused(SqlErrors.notSupported(refused));
        } catch (TransactionException error) {
            if (error.sqlState().equals(SqlState.SYNTAX_ERROR)) {
                throw error;
            }
            return new Ast.Refused(error);
        }
    }

    private static Ast.Statement explain(String sql, List<Token> tokens) {
        List<Token> rest = tokens.subList(ExplainOptions.end(tokens), tokens.size());
        Ast.Statement explained = parse(sql, rest);
        boolean explainable = explained instanceof Ast.Query
                || explained instanceof Ast.Insert
                || explained instanceof Ast.Update
                || explained instanceof Ast.Delete
                || (explained instanceof Ast.CreateTable create && create.query() != null);
        if (explained instanceof Ast.Refused) {
            return explained;
        }
        if (!explainable) {
            throw Lexer.syntaxError(rest.get(0).text(), "syntax error");
        }
        return new Ast.Explain(explained);
    }

    private static Ast.Statement statement(String sql, List<Token> tokens) {
        Ast.Statement definition = DefinitionParser.parse(sql, tokens);
        return definition == null ? translate(tokens) : definition;
    }

    /**
     * Parses an expression that stands alone, as the catalog keeps them.
     *
     * @throws TransactionException 42601, 0A000
     */
    public static Ast.Expr expression(String text) {
        return selected(Lexer.tokens("select (" + text + "\n)"));
    }

    /** The one expression that a query selects, which has nothing else. */
    static Ast.Expr selected(List<Token> query) {
        if (translate(query) instanceof Ast.Query parsed
                && parsed.body() instanceof Ast.Select select
                && select.from().isEmpty()
                && select.items().size() == 1
                && select.items().get(0).expr() != null) {
            return select.items().get(0).expr();
        }
        throw Lexer.syntaxError(query.get(1).text(), "syntax error");
    }

    private static Ast.Statement translate(List<Token> tokens) {
        String text = Preparation.prepare(tokens);
        try {
            return StatementTranslator.translate(
                    CCJSqlParserUtil.newParser(text).Statement());
        } catch (ParseException | TokenMgrException error) {
            throw new TransactionException(SqlState.SYNTAX_ERROR, message(error, text), error);
        } catch (StackOverflowError deep) {
            throw new TransactionException(SqlState.STATEMENT_TOO_COMPLEX, "the statement is nested too deeply", deep);
        }
    }

    /** The first unexpected token, as PostgreSQL names it. */
    private static String message(Throwable error, String text) {
        if (error instanceof ParseException parse && parse.currentToken != null) {
            net.sf.jsqlparser.parser.Token next = parse.currentToken.next;
            if (next != null && next.kind != 0 && !next.image.isEmpty()) {
                return "syntax error at or near \"" + Names.unquote(next.image) + "\"";
            }
            return "syntax error at end of input";
        }
        return "syntax error in: " + text;
    }

    /** What a statement is that PostgreSQL has and Cairn has not; empty for one to be parsed. */
    private static String refused(List<Token> tokens) {
        Token first = tokens.get(0);
        if (first.isOperator("(")) {
            return "";
        }
        if (first.kind() != Token.Kind.WORD || !Keywords.beginsStatement(first.text())) {
            throw Lexer.syntaxError(first.text(), "syntax error");
        }
        return switch (first.text()) {
            case "insert" -> followedBy("into", tokens);
            case "delete" -> followedBy("from", tokens);
            case "select", "with", "values", "table", "update", "truncate" -> "";
            case "create", "drop", "alter" -> object(tokens);
            default -> first.text().toUpperCase(Locale.ROOT);
        };
    }

    private static String followedBy(String word, List<Token> tokens) {
        if (!tokens.get(1).isWord(word)) {
            throw Lexer.syntaxError(tokens.get(1).text(), "syntax error");
        }
        return "";
    }

    private static String object(List<Token> tokens) {
        String verb = tokens.get(0).text();
        Token second = tokens.get(1);
        if (second.kind() != Token.Kind.WORD || !Keywords.beginsObject(second.text())) {
            throw Lexer.syntaxError(second.text(), "syntax error");
        }
        boolean index = second.isWord("index") || (second.isWord("unique") && verb.equals("create"));
        if (second.isWord("table") || (index && !verb.equals("alter"))) {
            return "";
        }
        return (verb + " " + second.text()).toUpperCase(Locale.ROOT);
    }
}
