/**
 * Long runs that the ordinary tests' time does not hold: {@code cairn campaign NAME}.
 *
 * <p>Allowed dependencies: engine, tools.console.
 */
@NullMarked
package dev.cairn.tools.campaign;

import org.jspecify.annotations.NullMarked;
