/**
 * {@code cairn sql}: scripts and the interactive shell.
 *
 * <p>Allowed dependencies: engine, sql, tools.console.
 */
@NullMarked
package dev.cairn.tools.session;

import org.jspecify.annotations.NullMarked;
