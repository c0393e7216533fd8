/**
 * Running codelets: the virtual address space, the state of a run, and the interpreter, which is the reference semantics
 * of the instruction set (<a href="https://www.rfc-editor.org/rfc/rfc9669">RFC 9669</a>).
 *
 * <pre>
 *   Program + maps + helpers -- Interpreter.prepare --&gt; Executable  (immutable, many threads)
 *                                                          | run
 *   hook or dispatcher -- context, payload, time --&gt; RunContext   (one per execution slot, reused)
 *                                                          | every access
 *                                                     AddressSpace: Region | Region | ...
 * </pre>
 *
 * Memory stays safe whatever the program does, verified or not: an address is a region's number and an offset, and every
 * access is checked against its region before it reaches a segment, which checks again.
 */
package io.vertebra.vm.exec;
