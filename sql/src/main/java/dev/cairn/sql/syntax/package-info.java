/**
 * From text to syntax trees: PostgreSQL's tokens, the recogniser of transaction control, JSqlParser for the rest, and the
 * translation of its trees into ours, where operators bind as PostgreSQL's do.
 *
 * <p>Allowed dependencies: JSqlParser (in this package alone), and the error family of storage.base. Entry point: {@link
 * dev.cairn.sql.syntax.Parser}.
 */
@NullMarked
package dev.cairn.sql.syntax;

import org.jspecify.annotations.NullMarked;
