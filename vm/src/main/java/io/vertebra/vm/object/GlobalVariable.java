package io.vertebra.vm.object;

/**
 * A global variable of a codelet: where it lies in a global data map.
 *
 * @param name its symbol
 * @param map name of the map, for example {@code .rodata}
 * @param offset bytes from the start of the map's value
 * @param size bytes
 * @param type its BTF type id, 0 when the object has none for it
 */
public record GlobalVariable(String name, String map, int offset, int size, int type) {}
