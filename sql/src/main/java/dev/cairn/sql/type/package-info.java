/**
 * SQL's types and values: names, coercions, text input and output, arithmetic, exactly as PostgreSQL has them.
 *
 * <p>Allowed dependencies: engine (the column types), and the error family of storage.base.
 */
@NullMarked
package dev.cairn.sql.type;

import org.jspecify.annotations.NullMarked;
