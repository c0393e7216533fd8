/**
 * The queue between hooks and a core: many producers, one consumer, no allocation, no locks.
 *
 * <pre>
 *   producers                         consumer (one core)
 *   claim  CAS on the tail            read   header of the next record: 0 means not there yet
 *   fill   plain stores                      handle it, zero it
 *   commit volatile store of header          release the head once per batch
 * </pre>
 *
 * <p>The consumer polls the next record's header and never the tail, so the tail's cache line stays with the producers;
 * zeroing after use is what makes an unwritten header readable as "not there yet".
 */
package io.vertebra.runtime.ring;
