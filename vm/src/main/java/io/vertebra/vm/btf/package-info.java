/**
 * BTF, the type and source information of eBPF objects (<a
 * href="https://docs.kernel.org/bpf/btf.html">docs.kernel.org/bpf/btf</a>).
 *
 * <pre>
 *  .BTF      header | types, 12 bytes + kind-specific data each, ids from 1 | NUL-terminated strings
 *  .BTF.ext  header | functions | source lines | CO-RE relocations; each: record size, then per ELF section
 *                                                                   name, count, records by byte offset in it
 * </pre>
 *
 * {@link io.vertebra.vm.btf.BtfReader} reads both from bytes that nobody trusts; {@link io.vertebra.vm.btf.Btf} is what
 * a well-formed table holds; {@link io.vertebra.vm.btf.BtfValues} reads and writes memory by its types.
 */
package io.vertebra.vm.btf;
