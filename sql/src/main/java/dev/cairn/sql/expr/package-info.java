/**
 * Bound expressions, ready to be evaluated; the operators, functions and aggregates they are made of, and how PostgreSQL chooses
 * among those of one name.
 *
 * <p>Allowed dependencies: sql.type, and the error family of storage.base.
 */
@NullMarked
package dev.cairn.sql.expr;

import org.jspecify.annotations.NullMarked;
