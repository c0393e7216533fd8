package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.CALLBACK;
import static io.vertebra.vm.helper.HelperPrototype.Argument.CALLBACK_STATE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SCALAR;
import static io.vertebra.vm.helper.HelperPrototype.Result;

import io.vertebra.vm.helper.Callback.Parameter;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.map.BpfUserRingBuffer;
import io.vertebra.vm.map.Errno;
import java.util.List;

/** Helper 209: what the host has put into a user ring buffer. Stateless. */
final class SampleHelpers {

    private SampleHelpers() {}

    static List<Helper> all() {
        var callback = new Callback(List.of(Parameter.SAMPLE, Parameter.STATE), new Callback.PerSample(), 1);
        var arguments = List.of(MAP, CALLBACK, CALLBACK_STATE, SCALAR);
        return List.of(new Helper(
                HelperPrototype.calling(209, "user_ringbuf_drain", arguments, Result.SCALAR, callback),
                SampleHelpers::drain));
    }

    /**
     * {@code callback(dynptr, state)} for each sample until one gives 1; the number of samples, {@link Errno#EBUSY} while
     * another run drains the ring or this one looks at a sample. The flags ask to notify producers or not, which nobody
     * waits for here.
     */
    private static long drain(HelperContext run, long mapAddress, long callback, long state, long flags, long e) {
        if (!(run.map(mapAddress) instanceof BpfUserRingBuffer ring) || !BpfRingBuffer.validFlags(flags)) {
            return Errno.EINVAL;
        }
        if (run.hasSample()) {
            return Errno.EBUSY;
        }
        return ring.drain((memory, offset, length) -> {
            long dynptr = run.beginSample(memory, offset, length);
            try {
                return run.callback(callback, dynptr, state, 0, 0) == 0;
            } finally {
                run.endSample();
            }
        });
    }
}
