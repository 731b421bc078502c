/** Doubles for the tests of this module and of those above it, which get them as this module's test jar. */
@NullMarked
package dev.cairn.storage.testing;

import org.jspecify.annotations.NullMarked;
