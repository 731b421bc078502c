/**
 * Tables as text and back: {@code cairn dump}, {@code cairn load}.
 *
 * <p>{@code DumpCommand} shows each row of one state of the database to a {@code DumpWriter}; there is one for each format, and a
 * reader for each in {@code LoadCommand}. Nothing here holds more than a row, or a statement, in memory. Allowed dependencies:
 * engine, sql (its text forms of values, and scripts), tools.console, tools.log (for JSON).
 */
@NullMarked
package dev.cairn.tools.dump;

import org.jspecify.annotations.NullMarked;
