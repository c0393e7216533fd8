package io.vertebra.verifier.prevail;

import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the cases rely on: a context of 64 bytes that begins with the 32-bit addresses of the packet and its end, the
 * helpers of Linux, and, for loops that end before their 100,000th iteration, enough steps for the longest of them.
 *
 * @param divisionByZeroAllowed the option of that name
 */
record PrevailPlatform(boolean divisionByZeroAllowed) implements Platform {

    private static final long MAX_STEPS = 1 << 20;

    private static final ContextLayout CONTEXT = new ContextLayout(
            "context",
            64,
            List.of(
                    new Field("data", 0, 4, Kind.PAYLOAD),
                    new Field("data_end", 4, 4, Kind.PAYLOAD_END),
                    new Field("rest", 8, 56, Kind.STRING)));

    private static final Map<Integer, HelperPrototype> HELPERS = Helpers.standard().all().stream()
            .map(Helper::prototype)
            .collect(Collectors.toMap(HelperPrototype::id, Function.identity()));

    @Override
    public ContextLayout context() {
        return CONTEXT;
    }

    @Override
    public Optional<HelperPrototype> helper(int id) {
        return Optional.ofNullable(HELPERS.get(id));
    }

    @Override
    public long maxSteps() {
        return MAX_STEPS;
    }

    @Override
    public boolean payloadWritable() {
        return true;
    }

    @Override
    public boolean contextWritable() {
        return true;
    }

    @Override
    public boolean legacyPacketAccess() {
        return true;
    }
}
