/**
 * Which codelet sets may be loaded: signatures, digests and grants. {@code docs/signing.md} has the formats.
 *
 * <pre>
 *   bytes of descriptor and objects --SetManifest--&gt; text --SigningKey--&gt; signature file
 *                                                    text, signature file --Admission--&gt; who vouches, or AdmissionException
 * </pre>
 */
package io.vertebra.runtime.admission;
