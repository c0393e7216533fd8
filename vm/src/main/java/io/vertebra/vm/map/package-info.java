/**
 * Live maps: what codelets keep their state in and hand records out through, with the names, numbers and results of
 * Linux (kernel documentation, <a href="https://docs.kernel.org/bpf/maps.html">bpf/maps</a>).
 *
 * <pre>
 *   MapSpec -- BpfMap.create(spec, slots) --&gt; BpfArray | BpfHash | BpfRingBuffer | ...
 *
 *   codelet side   lookup -&gt; offset in values(), update, delete: called by helpers during a run
 *   host side      get, getPerSlot, update, delete, forEach, size: byte arrays, any thread, while codelets write
 * </pre>
 *
 * Values lie in {@code long[]}-backed segments at multiples of 8 bytes, so that every width and every atomic is bounds
 * checked by the JVM. A pointer that a lookup gave stays that key's memory until the run ends: see {@link
 * io.vertebra.vm.map.Epoch}.
 */
package io.vertebra.vm.map;
