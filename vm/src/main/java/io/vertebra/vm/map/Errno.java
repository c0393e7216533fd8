package io.vertebra.vm.map;

/** The Linux error numbers that map operations and helpers return, negated as the kernel does. Stateless. */
public final class Errno {

    /** Operation not permitted: the map is frozen. */
    public static final long EPERM = -1;
    /** No such entry. */
    public static final long ENOENT = -2;
    /** The map is full, an index is beyond the array, or a record is larger than allowed. */
    public static final long E2BIG = -7;
    /** No room in a ring buffer now. */
    public static final long EAGAIN = -11;
    /** Every spare entry is still held by a run that began before it was deleted. */
    public static final long ENOMEM = -12;
    /** Nothing is where something is needed: a stack without frames. */
    public static final long EFAULT = -14;
    /** Another run is at it, or it is there already. */
    public static final long EBUSY = -16;
    /** The entry exists and {@link BpfMap#NOEXIST} was given. */
    public static final long EEXIST = -17;
    /** Unknown flags, or an operation that the map type does not have. */
    public static final long EINVAL = -22;
    /** A number does not fit its type. */
    public static final long ERANGE = -34;
    /** A timer's callback would wait for its own end. */
    public static final long EDEADLK = -35;
    /** The run cannot do that here: use the ring of another slot, or tell the stack of a thread that it is not on,
     * start a timer where nobody runs callbacks. */
    public static final long EOPNOTSUPP = -95;

    private Errno() {}
}
