/**
 * What hooks and codelets cost, beside no hook, native code and uBPF. {@link io.vertebra.bench.Main} is the command; each
 * benchmark class answers one question with the objects that the tests check.
 *
 * <pre>
 *   codelets/x.bpf.c --clang--> x.bpf.o --+--> hook, interpreter, JIT      JMH, one forked JVM for each benchmark
 *        |                                +--> uBPF's JIT and interpreter  c/baseline.c
 *        +------------gcc -O2------------------> native code               c/baseline.c
 *
 *   for each round: baseline, all benchmarks  --> Samples --> Table --> RESULTS.md
 * </pre>
 *
 * <p>All of them go over the same {@link io.vertebra.bench.Workload} and are timed by the CPU time of their thread.
 */
package io.vertebra.bench;
