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
 *   Dispatch, Passing                             which chunk or function a slot is in
 *   ContextFlow, DirectWriter                     the same with the context as parameters
 *        v
 *   ClassWriter, Links, Jit                       hidden classes, one as long as it suffices; an Executable
 * </pre>
 *
 * <p>{@code -Dvertebra.jit.dump=FOLDER} writes each class file there; {@link Jit#dump} gives its code as text.
 *
 * <p>A register is a local variable, and holds the same number or address as in the interpreter.
 */
package io.vertebra.vm.jit;
