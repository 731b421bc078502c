/** {@code cairn conformance}: transcripts from PostgreSQL replayed. */
@NullMarked
package dev.cairn.tools.conformance;

import org.jspecify.annotations.NullMarked;
