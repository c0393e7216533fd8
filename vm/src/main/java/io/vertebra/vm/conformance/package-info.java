/**
 * The public conformance suites (<a href="https://github.com/Alan-Jowett/bpf_conformance">bpf_conformance</a>, uBPF), read
 * and run: one test is one text file.
 *
 * <pre>
 *   # a comment
 *   -- asm                     or -- raw: a slot per line; -- name @ file has the section in another file
 *   ldxb %r0, [%r1]
 *   exit
 *   -- mem                     what r1 points to, r2 being its length
 *   2a
 *   -- result                  r0; or -- error: the program has to be refused
 *   0x2a
 * </pre>
 */
package io.vertebra.vm.conformance;
