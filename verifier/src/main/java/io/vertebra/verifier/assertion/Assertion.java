package io.vertebra.verifier.assertion;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Width;

/** What must hold before an instruction may run, without saying what is known. */
public sealed interface Assertion {

    /** The register was written on every path. */
    record Initialised(int register) implements Assertion {}

    /** The register holds a number: a pointer has no meaning here. */
    record IsNumber(int register, String operation) implements Assertion {}

    /** All bytes of the access lie in memory that permits it. */
    record Access(int base, int offset, int bytes, AccessKind kind) implements Assertion {}

    /** The register's value may be stored at the place: a pointer must not leave the codelet's stack. */
    record Storable(int register, int base, int offset, int bytes) implements Assertion {}

    /** The operation has a meaning for the operands, one of which may be a pointer. */
    record Arithmetic(AluOp op, Width width, int dst, Operand src) implements Assertion {}

    /** The divisor is not 0. */
    record Divisor(Width width, Operand operand) implements Assertion {}

    /** The register holds the context pointer as the program got it. */
    record IsContext(int register, String operation) implements Assertion {}

    /** The comparison has a meaning for the operands, of which both may be pointers. */
    record Comparable(Width width, Condition condition, int left, Operand right) implements Assertion {}

    /** The platform has the helper. */
    record HelperExists(int helper) implements Assertion {}

    /** The register holds the constant id of a helper. */
    record HelperKnown(int register) implements Assertion {}

    /** The argument register (its index + 1) holds what the prototype asks for. */
    record Argument(HelperPrototype prototype, int index) implements Assertion {}

    /** The run may end here, or go on in another program: the entry function runs, and nothing that is held is lost. */
    record MayLeave(String by) implements Assertion {}

    /** The helper may be called with the lock that is held, if one is. */
    record MayCall(HelperPrototype prototype) implements Assertion {}

    /** The argument register (its index + 1) holds the address of a function that may be entered from the helper. */
    record MayCallBack(HelperPrototype prototype, int index) implements Assertion {}

    /** One more frame fits, and the function is not active yet. */
    record MayEnter(int entry) implements Assertion {}

    /** The function may return: its result is one that the caller may have, and nothing that is held is lost. */
    record MayReturn() implements Assertion {}

    /** The instruction never may run. */
    record Never(String problem, String needed, String hint) implements Assertion {}

    /** What an instruction does with memory. */
    enum AccessKind {
        READ,
        WRITE,
        ATOMIC
    }
}
