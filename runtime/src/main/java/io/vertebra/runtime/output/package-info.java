/** The way out: records leave a ring buffer map once, as immutable batches with sequence numbers. */
package io.vertebra.runtime.output;
