/**
 * SQL sessions over the engine API.
 *
 * <p>Allowed dependencies: engine, and the error family of storage.base.
 */
@NullMarked
package dev.cairn.sql;

import org.jspecify.annotations.NullMarked;
