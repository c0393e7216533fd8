/**
 * eBPF compiled to JVM bytecode, which HotSpot makes native.
 *
 * <pre>
 *   Program, AccessPlan
 *        |  FunctionCode, Origins, StackSlots     what is known of a function
 *        |  CompiledFunction, Chunk               the methods it goes into, each under 8,000 bytes
 *        v
 *   MethodEmitter, MemoryEmitter, CallEmitter     java.lang.classfile
 *   CountedLoop, LoopEmitter                      fast forms of loops
 *   ContextFlow, DirectWriter                     the same with the context as parameters
 *        v
 *   ClassWriter, Jit                              a hidden class, an Executable
 * </pre>
 *
 * <p>{@code -Dvertebra.jit.dump=FOLDER} writes each class file there; {@link Jit#dump} gives its code as text.
 *
 * <p>A register is a local variable, and holds the same number or address as in the interpreter.
 */
package io.vertebra.vm.jit;
