package io.vertebra.vm.program;

import java.util.Optional;

/**
 * All map types of Linux with their numbers ({@code enum bpf_map_type}), so that any object can be read and shown, and
 * after them the types of jbpf that Linux does not have; jbpf's other types are read as Linux's. Which of them become
 * live maps is for {@code BpfMap.create} to say.
 */
public enum MapType {
    HASH(1),
    ARRAY(2),
    PROG_ARRAY(3),
    PERF_EVENT_ARRAY(4),
    PERCPU_HASH(5),
    PERCPU_ARRAY(6),
    STACK_TRACE(7),
    CGROUP_ARRAY(8),
    LRU_HASH(9),
    LRU_PERCPU_HASH(10),
    LPM_TRIE(11),
    ARRAY_OF_MAPS(12),
    HASH_OF_MAPS(13),
    DEVMAP(14),
    SOCKMAP(15),
    CPUMAP(16),
    XSKMAP(17),
    SOCKHASH(18),
    CGROUP_STORAGE(19),
    REUSEPORT_SOCKARRAY(20),
    PERCPU_CGROUP_STORAGE(21),
    QUEUE(22),
    STACK(23),
    SK_STORAGE(24),
    DEVMAP_HASH(25),
    STRUCT_OPS(26),
    RINGBUF(27),
    INODE_STORAGE(28),
    TASK_STORAGE(29),
    BLOOM_FILTER(30),
    USER_RINGBUF(31),
    CGRP_STORAGE(32),
    ARENA(33),
    /** Records of one size, put out one by one. */
    JBPF_RINGBUF(0x10003),
    /** Records of one size that the application sends and codelets receive. */
    JBPF_CONTROL_INPUT(0x10004),
    /** A hash map of its own for each execution slot. */
    JBPF_PER_THREAD_HASHMAP(0x10006),
    /** Records of one size, filled in place. */
    JBPF_OUTPUT(0x10007);

    /** The last number that Linux has given. */
    public static final int LAST_OF_LINUX = ARENA.number;

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    /** The Linux number; of a type of jbpf, jbpf's number plus 2^16. */
    public int number() {
        return number;
    }

    /** The type with a Linux number, if there is one. */
    public static Optional<MapType> of(int number) {
        return number >= 1 && number <= LAST_OF_LINUX ? Optional.of(values()[number - 1]) : Optional.empty();
    }
}
