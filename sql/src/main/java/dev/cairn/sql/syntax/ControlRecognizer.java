package dev.cairn.sql.syntax;

import dev.cairn.sql.syntax.Ast.Control;
import dev.cairn.sql.syntax.Ast.Control.Verb;
import dev.cairn.sql.type.SqlErrors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads transaction control with all its noise words, and SHOW, SET and RESET, none of which JSqlParser reads fully.
 *
 * <p>Used once, by one thread.
 */
final class ControlRecognizer {

    private final List<Token> tokens;
    private int at;
    private @Nullable String isolation;
    private @Nullable Boolean readOnly;
    private @Nullable Boolean deferrable;

    private ControlRecognizer(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** The statement, or null if its first word is none of these statements'. */
    static Ast.@Nullable Statement recognize(List<Token> tokens) {
        if (tokens.get(0).kind() != Token.Kind.WORD) {
            return null;
        }
        return new ControlRecognizer(tokens).statement();
    }

    private Ast.@Nullable Statement statement() {
        String first = tokens.get(at++).text();
        return switch (first) {
            case "begin" -> {
                noise("work", "transaction");
                yield modes(Verb.BEGIN);
            }
            case "start" -> {
                require("transaction");
                yield modes(Verb.START);
            }
            case "commit", "end" -> finish(Verb.COMMIT, first);
            case "rollback", "abort" -> rollback(first);
            case "savepoint" -> savepoint(Verb.SAVEPOINT);
            case "release" -> {
                noise("savepoint");
                yield savepoint(Verb.RELEASE);
            }
            case "set" -> set();
            case "show" -> show();
            case "reset" -> reset();
            default -> null;
        };
    }

    private Token peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private boolean accept(String word) {
        if (peek().isWord(word)) {
            at++;
            return true;
        }
        return false;
    }

    private void noise(String... words) {
        for (String word : words) {
            if (accept(word)) {
                return;
            }
        }
    }

    private void require(String word) {
        if (!accept(word)) {
            throw Lexer.syntaxError(peek().text(), "syntax error");
        }
    }

    private void requireEnd() {
        if (peek().kind() != Token.Kind.END) {
            throw Lexer.syntaxError(peek().text(), "syntax error");
        }
    }

    private String name() {
        Token token = tokens.get(Math.min(at++, tokens.size() - 1));
        boolean word = token.kind() == Token.Kind.WORD
                && !Keywords.isReserved(token.text())
                && !Keywords.isFunctionOrType(token.text());
        if (token.kind() != Token.Kind.QUOTED && !word) {
            throw Lexer.syntaxError(token.text(), "syntax error");
        }
        return Names.cut(token.text());
    }

    private Control finish(Verb verb, String first) {
        if (first.equals("commit") && accept("prepared")) {
            throw SqlErrors.notSupported("COMMIT PREPARED");
        }
        noise("work", "transaction");
        return new Control(verb, null, null, null, null, chain());
    }

    private boolean chain() {
        boolean chain = false;
        if (accept("and")) {
            chain = !accept("no");
            require("chain");
        }
        requireEnd();
        return chain;
    }

    private Control rollback(String first) {
        if (first.equals("rollback") && accept("prepared")) {
            throw SqlErrors.notSupported("ROLLBACK PREPARED");
        }
        noise("work", "transaction");
        if (first.equals("rollback") && accept("to")) {
            noise("savepoint");
            return savepoint(Verb.ROLLBACK_TO);
        }
        return new Control(Verb.ROLLBACK, null, null, null, null, chain());
    }

    private Control savepoint(Verb verb) {
        String name = name();
        requireEnd();
        return new Control(verb, name, null, null, null, false);
    }

    private Control modes(Verb verb) {
        boolean more = peek().kind() != Token.Kind.END;
        while (more) {
            mode();
            more = peek().kind() != Token.Kind.END;
            if (more && peek().isOperator(",")) {
                at++;
            }
        }
        requireEnd();
        return new Control(verb, null, isolation, readOnly, deferrable, false);
    }

    private void mode() {
        if (accept("isolation")) {
            require("level");
            isolation = level();
        } else if (accept("read")) {
            readOnly = accept("only");
            if (!readOnly) {
                require("write");
            }
        } else {
            deferrable = !accept("not");
            require("deferrable");
        }
    }

    private String level() {
        if (accept("serializable")) {
            return "serializable";
        }
        if (accept("repeatable")) {
            require("read");
            return "repeatable read";
        }
        require("read");
        if (accept("committed")) {
            return "read committed";
        }
        require("uncommitted");
        return "read uncommitted";
    }

    private Ast.Statement set() {
        if (accept("transaction")) {
            if (accept("snapshot")) {
                throw SqlErrors.notSupported("SET TRANSACTION SNAPSHOT");
            }
            requireMore();
            return modes(Verb.SET);
        }
        if (peek().isWord("session") && tokens.get(at + 1).isWord("characteristics")) {
            at += 2;
            require("as");
            require("transaction");
            requireMore();
            return modes(Verb.SET_DEFAULT);
        }
        noise("session", "local");
        if (peek().isWord("constraints")) {
            throw SqlErrors.notSupported("SET CONSTRAINTS");
        }
        String name = settingName();
        if (!peek().isOperator("=")) {
            require("to");
        } else {
            at++;
        }
        requireMore();
        StringBuilder value = new StringBuilder();
        boolean standard = accept("default");
        while (peek().kind() != Token.Kind.END) {
            value.append(value.length() > 0 && !peek().isOperator(",") ? " " : "")
                    .append(peek().text());
            at++;
        }
        return new Ast.SetVariable(name, standard ? null : value.toString(), false);
    }

    private void requireMore() {
        if (peek().kind() == Token.Kind.END) {
            throw Lexer.syntaxError("", "syntax error");
        }
    }

    private String settingName() {
        StringBuilder name = new StringBuilder(name());
        while (peek().isOperator(".")) {
            at++;
            name.append('.').append(name());
        }
        return name.toString();
    }

    private Ast.Statement show() {
        if (accept("transaction")) {
            require("isolation");
            require("level");
            requireEnd();
            return new Ast.Show("transaction_isolation");
        }
        if (accept("all")) {
            throw SqlErrors.notSupported("SHOW ALL");
        }
        String name = settingName();
        requireEnd();
        return new Ast.Show(name);
    }

    private Ast.Statement reset() {
        String name = accept("all") ? "all" : settingName();
        requireEnd();
        return new Ast.SetVariable(name, null, true);
    }
}
