package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.MAP;
import static io.vertebra.vm.helper.HelperPrototype.Argument.READABLE;
import static io.vertebra.vm.helper.HelperPrototype.Argument.SIZE_OR_ZERO;
import static io.vertebra.vm.helper.HelperPrototype.Argument.WRITABLE;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfOutput;
import io.vertebra.vm.map.BpfQueue;
import io.vertebra.vm.map.Errno;
import java.util.List;

/** jbpf's helpers on channels: 12 and 16 to 18. Stateless. */
final class JbpfChannelHelpers {

    private static final long ERROR = -1;
    private static final long NOTHING_RESERVED = -2;
    private static final long RECEIVED = 1;

    private JbpfChannelHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(
                        12,
                        "jbpf_ringbuf_output",
                        Result.SCALAR,
                        JbpfChannelHelpers::output,
                        MAP,
                        READABLE,
                        SIZE_OR_ZERO),
                helper(
                        16,
                        "jbpf_control_input_receive",
                        Result.SCALAR,
                        JbpfChannelHelpers::receive,
                        MAP,
                        WRITABLE,
                        SIZE_OR_ZERO),
                helper(17, "jbpf_get_output_buf", Result.MAP_VALUE_OR_NULL, JbpfChannelHelpers::buffer, MAP),
                helper(18, "jbpf_send_output", Result.SCALAR, JbpfChannelHelpers::send, MAP));
    }

    private static long output(HelperContext run, long mapAddress, long data, long size, long d, long e) {
        if (!(run.map(mapAddress) instanceof BpfOutput output)) {
            return ERROR;
        }
        return output.output(run.segment(data, size, false), run.offset(data), size) == 0 ? 0 : ERROR;
    }

    /**
     * Gives 1 with a value, 0 without one, and -1 for memory that is too small. Bytes that get no value keep theirs, so
     * that a codelet can receive into what it had; on the stack, where they may never have been written, they become 0.
     */
    private static long receive(HelperContext run, long mapAddress, long to, long size, long d, long e) {
        BpfMap map = run.map(mapAddress);
        var target = run.segment(to, size, true);
        long offset = run.offset(to);
        if (!run.hasContent(to, size)) {
            Zeros.fill(target, offset, size);
        }
        if (!(map instanceof BpfQueue queue) || size < map.spec().valueSize()) {
            return ERROR;
        }
        return queue.receive(target, offset) == 0 ? RECEIVED : 0;
    }

    private static long buffer(HelperContext run, long mapAddress, long b, long c, long d, long e) {
        return run.map(mapAddress) instanceof BpfOutput output
                ? run.valueAddress(output, output.reserve(run.slot()))
                : 0;
    }

    private static long send(HelperContext run, long mapAddress, long b, long c, long d, long e) {
        if (!(run.map(mapAddress) instanceof BpfOutput output)) {
            return ERROR;
        }
        long result = output.send(run.slot());
        return result == Errno.ENOENT ? NOTHING_RESERVED : result == 0 ? 0 : ERROR;
    }
}
