/**
 * CO-RE, "compile once, run everywhere": programs whose field offsets, sizes and constants are recomputed from the types
 * of the running application.
 *
 * <pre>
 *  Program + Btf of its object + CoreRelocations --CoreRelocator--> Program
 *                                                       ^
 *  CoreTarget: the application's types -----------------+
 *
 *  one record:  access 0:2:1:1 --FieldPath--> .to[1].port --FieldMatcher--> the same path in the target
 *               --FieldValue--> offset, size, shifts in both --InstructionPatch--> the instruction
 * </pre>
 *
 * The rules are those of libbpf: types correspond by name up to {@code ___flavor}, fields by name through anonymous
 * structs and unions, and an instruction that cannot be recomputed becomes a call that only a program which never gets
 * there may contain. Sources: {@code enum bpf_core_relo_kind} of {@code linux/bpf.h}, and <a
 * href="https://docs.kernel.org/bpf/llvm_reloc.html#co-re-relocations">llvm_reloc</a>.
 */
package io.vertebra.vm.core;
