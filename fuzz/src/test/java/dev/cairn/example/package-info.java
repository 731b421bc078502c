/** An application, a job queue, and its crash test: what docs/FUZZING.md explains. */
@NullMarked
package dev.cairn.example;

import org.jspecify.annotations.NullMarked;
