/** Proves that an eBPF program is safe to run, or says why it is not. */
package io.vertebra.verifier;
