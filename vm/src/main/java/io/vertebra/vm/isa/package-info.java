/**
 * The eBPF instruction set (<a href="https://www.rfc-editor.org/rfc/rfc9669">RFC 9669</a>, with the {@code callx} form
 * of the conformance suite): {@link io.vertebra.vm.isa.Instruction} is what an instruction means, {@link
 * io.vertebra.vm.isa.InstructionCodec} its wire form, {@link io.vertebra.vm.isa.AssemblyText} its text form.
 */
package io.vertebra.vm.isa;
