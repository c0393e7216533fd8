/**
 * What can be known of values and states, and how knowledge changes. Nothing here knows what is allowed.
 *
 * <pre>
 *   Tnum (bits)  Range (signed, unsigned)      Scalar = Tnum x Range 64 x Range 32
 *   Value = Uninitialised | Number(Scalar, id) | Pointer(Region, offset + Scalar, id, ...) | map | function
 *   State = Frames (registers, stack Slots) + reservations held
 * </pre>
 */
package io.vertebra.verifier.domain;
