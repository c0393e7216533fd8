/**
 * Object files: what a compiler wrote becomes programs and map specifications, all of it data.
 *
 * <pre>
 *  bytes --ElfFile--> sections, symbols, relocations
 *     .BTF, .BTF.ext       --> Btf (data section offsets filled in from the symbols), BtfExtension
 *     .maps                --> MapSpecs, by BTF        (BtfMaps)
 *     maps, maps/...       --> MapSpecs, by struct     (LegacyMaps)
 *     .data .rodata .bss   --> MapSpecs of one entry   (DataMaps), with their variables
 *     executable sections  --> functions               (CodeSections), relocated and linked (ProgramLinker)
 * </pre>
 *
 * Sources: System V ABI (ELF), the eBPF relocations of LLVM (<a
 * href="https://docs.kernel.org/bpf/llvm_reloc.html">llvm_reloc</a>), and the conventions of libbpf.
 */
package io.vertebra.vm.object;
