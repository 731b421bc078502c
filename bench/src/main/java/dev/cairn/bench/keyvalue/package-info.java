/**
 * Cairn beside other stores of keys and values, each at a setting that survives a loss of power, in a fresh JVM of its own.
 */
@NullMarked
package dev.cairn.bench.keyvalue;

import org.jspecify.annotations.NullMarked;
