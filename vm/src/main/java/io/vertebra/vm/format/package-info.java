/**
 * What the readers of binary formats share: a bounds-checked little-endian view, string tables, and the one exception
 * that says what is malformed. Nothing read from outside is trusted here: each access is checked, and no allocation is
 * larger than a small multiple of the bytes that were given.
 */
package io.vertebra.vm.format;
