/**
 * Whole directories judged and rescued: {@code cairn verify}.
 *
 * <p>The directory is only read: no lock is taken, no byte changes. Allowed dependencies: storage, recovery, engine,
 * tools.console, tools.log (for JSON).
 */
@NullMarked
package dev.cairn.tools.verify;

import org.jspecify.annotations.NullMarked;
