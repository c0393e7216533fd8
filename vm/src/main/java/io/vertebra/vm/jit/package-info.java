/**
 * eBPF compiled to JVM bytecode, which HotSpot makes native.
 *
 * <pre>
 *   Program, AccessPlan
 *        |  FunctionCode, Origins, StackSlots     what is known of a function
 *        |  CompiledFunction, Chunk               the methods it goes into, each under 8,000 bytes
 *        v
 *   MethodEmitter, MemoryEmitter, CallEmitter     java.lang.classfile
 *        v
 *   ClassWriter, Jit                              a hidden class, an Executable
 * </pre>
 *
 * <p>A register is a local variable, and holds the same number or address as in the interpreter.
 */
package io.vertebra.vm.jit;
