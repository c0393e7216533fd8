package io.vertebra.vm.program;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/**
 * The members of a map's values that belong to the runtime, as the value's BTF declares them: {@code struct
 * bpf_spin_lock { __u32 val; }} and {@code struct bpf_timer { __u64 :64; __u64 :64; }}. Codelets pass their addresses to
 * helpers; no load, store or copy reads or changes them. A value has at most one of each, in structs at any depth, but not
 * in arrays and unions.
 *
 * @param lock offset of the lock in the value, {@link #NONE} when there is none; a multiple of 4
 * @param timer offset of the timer in the value, {@link #NONE} when there is none; a multiple of 8
 */
public record OpaqueMembers(int lock, int timer) {

    /** The value has no such member. */
    public static final int NONE = -1;

    /** Bytes of {@code struct bpf_spin_lock}. */
    public static final int LOCK_BYTES = 4;

    /** Bytes of {@code struct bpf_timer}. */
    public static final int TIMER_BYTES = 16;

    /** The C name of a lock's type. */
    public static final String LOCK = "bpf_spin_lock";

    /** The C name of a timer's type. */
    public static final String TIMER = "bpf_timer";

    private static final OpaqueMembers NOTHING = new OpaqueMembers(NONE, NONE);

    private static final Set<MapType> WITH_LOCKS = EnumSet.of(MapType.HASH, MapType.ARRAY);
    private static final Set<MapType> WITH_TIMERS = EnumSet.of(MapType.HASH, MapType.LRU_HASH, MapType.ARRAY);

    /** Types whose BTF describes records, which have none of this. */
    private static final Set<MapType> RECORDS =
            EnumSet.of(MapType.RINGBUF, MapType.USER_RINGBUF, MapType.PERF_EVENT_ARRAY);

    /** Types that have locks in Linux and are none of ours: no live map is made of them. */
    private static final Set<MapType> OF_LINUX = EnumSet.of(
            MapType.CGROUP_STORAGE,
            MapType.SK_STORAGE,
            MapType.INODE_STORAGE,
            MapType.TASK_STORAGE,
            MapType.CGRP_STORAGE);

    /**
     * The members of a map's values.
     *
     * @throws IllegalArgumentException when there are more than allowed, one has another size or place than it must, or
     *     the map's type cannot have them
     */
    public static OpaqueMembers of(MapSpec map) {
        if (map.valueType() == 0 || RECORDS.contains(map.type())) {
            return NOTHING;
        }
        try {
            var found = find(map.btf(), map.valueType(), 0);
            found.check(map);
            return found;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("map `" + map.name() + "`: " + e.getMessage(), e);
        }
    }

    /** Whether a value has a lock. */
    public boolean hasLock() {
        return lock != NONE;
    }

    /** Whether a value has a timer. */
    public boolean hasTimer() {
        return timer != NONE;
    }

    /** Whether there is any. */
    public boolean isEmpty() {
        return !hasLock() && !hasTimer();
    }

    /** Whether a part of the value overlaps one of them. */
    public boolean touch(long offset, long bytes) {
        return overlap(lock, LOCK_BYTES, offset, bytes) || overlap(timer, TIMER_BYTES, offset, bytes);
    }

    private static boolean overlap(int member, int size, long offset, long bytes) {
        return member != NONE && offset < member + size && offset + bytes > member;
    }

    /** Copies {@code bytes} from the start of a value to that of another one, except these members. */
    public void copyRest(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes) {
        long at = 0;
        while (at < bytes) {
            long end = Math.min(bytes, next(at));
            MemorySegment.copy(from, fromOffset + at, to, toOffset + at, end - at);
            at = end == lock ? end + LOCK_BYTES : end == timer ? end + TIMER_BYTES : end;
        }
    }

    /** Where the next member begins. */
    private long next(long at) {
        long nextLock = lock >= at ? lock : Long.MAX_VALUE;
        long nextTimer = timer >= at ? timer : Long.MAX_VALUE;
        return Math.min(nextLock, nextTimer);
    }

    private static OpaqueMembers find(Btf btf, int type, int base) {
        return switch (btf.resolved(type)) {
            case BtfType.Struct s when s.name().equals(LOCK) -> new OpaqueMembers(sized(s, LOCK_BYTES, base), NONE);
            case BtfType.Struct s when s.name().equals(TIMER) -> new OpaqueMembers(NONE, sized(s, TIMER_BYTES, base));
            case BtfType.Struct s -> {
                var all = NOTHING;
                for (var member : s.members()) {
                    var inside = find(btf, member.type(), base + member.bitOffset() / Byte.SIZE);
                    if (s.union() && !inside.isEmpty()) {
                        throw new IllegalArgumentException("member `" + member.name() + "` of a union holds "
                                + inside.names() + ", allowed are structs");
                    }
                    all = all.with(inside);
                }
                yield all;
            }
            case BtfType.Array a -> {
                var inside = find(btf, a.element(), base);
                if (!inside.isEmpty()) {
                    throw new IllegalArgumentException(
                            "an array of " + a.count() + " elements holds " + inside.names() + ", allowed are structs");
                }
                yield NOTHING;
            }
            case BtfType.DataSection section -> {
                var all = NOTHING;
                for (var placed : section.variables()) {
                    all = all.with(find(btf, placed.variable(), placed.offset()));
                }
                yield all;
            }
            case BtfType.Variable v -> find(btf, v.type(), base);
            case BtfType.Void _,
                    BtfType.Int _,
                    BtfType.Pointer _,
                    BtfType.Enum _,
                    BtfType.Forward _,
                    BtfType.Typedef _,
                    BtfType.Modifier _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.DeclTag _,
                    BtfType.Float _ -> NOTHING;
        };
    }

    private static int sized(BtfType.Struct struct, int bytes, int offset) {
        if (struct.size() != bytes) {
            throw new IllegalArgumentException(
                    "`struct " + struct.name() + "` has " + struct.size() + " bytes, it must have " + bytes);
        }
        int alignment = Math.min(bytes, Long.BYTES);
        if (offset % alignment != 0) {
            throw new IllegalArgumentException("`struct " + struct.name() + "` lies at offset " + offset
                    + ", allowed are multiples of " + alignment);
        }
        return offset;
    }

    private OpaqueMembers with(OpaqueMembers other) {
        if ((hasLock() && other.hasLock()) || (hasTimer() && other.hasTimer())) {
            throw new IllegalArgumentException("its value has more than one `struct "
                    + (hasLock() && other.hasLock() ? LOCK : TIMER) + "`, at most one is allowed");
        }
        return new OpaqueMembers(Math.max(lock, other.lock), Math.max(timer, other.timer));
    }

    private void check(MapSpec map) {
        if (isEmpty() || OF_LINUX.contains(map.type())) {
            return;
        }
        var allowed = EnumSet.copyOf(hasLock() ? WITH_LOCKS : WITH_TIMERS);
        allowed.retainAll(hasTimer() ? WITH_TIMERS : WITH_LOCKS);
        if (!allowed.contains(map.type())) {
            throw new IllegalArgumentException(
                    "a " + map.type() + " cannot hold " + names() + ", allowed are " + allowed);
        }
        if (map.frozen()) {
            throw new IllegalArgumentException("it is read-only and cannot hold " + names());
        }
        if (touch(map.valueSize(), Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(names() + " lies behind the value's " + map.valueSize() + " bytes");
        }
    }

    /** For messages, after other properties of a map: {@code , lock at 0}; empty when there is none. */
    public String described() {
        return (hasLock() ? ", lock at " + lock : "") + (hasTimer() ? ", timer at " + timer : "");
    }

    private String names() {
        return "`struct " + (hasLock() ? LOCK : TIMER) + "`";
    }
}
