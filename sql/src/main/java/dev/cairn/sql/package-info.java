/**
 * SQL sessions over the engine API.
 *
 * <p>Allowed dependencies: its own sub-packages, engine, and the error family of storage.base. Entry points: {@link
 * dev.cairn.sql.SqlEngine} for sessions, {@link dev.cairn.sql.ScriptRunner} for scripts printed as psql does.
 */
@NullMarked
package dev.cairn.sql;

import org.jspecify.annotations.NullMarked;
