/**
 * From syntax trees to plans that run: names and types resolved, queries as chains of row sources, changes to tables.
 *
 * <p>Allowed dependencies: sql.syntax, sql.expr, sql.type, engine, and the error family of storage.base. Entry point: {@link
 * dev.cairn.sql.plan.StatementPlanner}.
 */
@NullMarked
package dev.cairn.sql.plan;

import org.jspecify.annotations.NullMarked;
