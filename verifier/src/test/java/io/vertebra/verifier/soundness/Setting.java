package io.vertebra.verifier.soundness;

import io.vertebra.verifier.platform.JbpfPlatform;
import io.vertebra.verifier.platform.JbpfProgramType;
import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What generated programs are verified against and run with: an ABI, and how long payloads are. */
enum Setting {
    /** The native ABI; nothing is known of the payload's length. */
    NATIVE(Layouts.NATIVE, 0, Helpers.standard((_, _) -> {}), Integer.MAX_VALUE),
    /** The native ABI with short payloads, so that loops over all of one are accepted. */
    BOUNDED(Layouts.NATIVE, 0, Helpers.standard((_, _) -> {}), Input.MOST_PAYLOAD),
    /** jbpf's ABI: the payload's pointers come first, and r2 holds the context's size. */
    JBPF(Layouts.JBPF.context(), JbpfProgramType.LEAST_CONTEXT, Helpers.jbpf((_, _) -> {}), Integer.MAX_VALUE);

    private static final long STEPS = 8192;

    private static final class Layouts {
        /** Byte 13 is padding. */
        static final ContextLayout NATIVE = new ContextLayout(
                "test_event",
                Subject.CONTEXT_BYTES,
                List.of(
                        new Field("number", 0, 8, Kind.SCALAR),
                        new Field("small", 8, 4, Kind.SCALAR),
                        new Field("tiny", 12, 1, Kind.SCALAR),
                        new Field("half", 14, 2, Kind.SCALAR),
                        new Field("text", 16, 16, Kind.STRING),
                        new Field("data", 32, 8, Kind.PAYLOAD),
                        new Field("data_end", 40, 8, Kind.PAYLOAD_END)));

        static final JbpfProgramType JBPF = JbpfProgramType.of("test", Subject.CONTEXT_BYTES);
    }

    private final ContextLayout context;
    private final int numbers;
    private final Helpers helpers;
    private final Map<Integer, HelperPrototype> prototypes;
    private final Platform platform;

    Setting(ContextLayout context, int numbers, Helpers helpers, long payloadMax) {
        this.context = context;
        this.numbers = numbers;
        this.helpers = helpers;
        prototypes = helpers.all().stream()
                .map(Helper::prototype)
                .collect(Collectors.toMap(HelperPrototype::id, Function.identity()));
        platform = numbers > 0
                ? new JbpfPlatform(Layouts.JBPF, prototypes, STEPS, /* payloadWritable= */ true)
                : new NativePlatform(context, prototypes, STEPS, /* payloadWritable= */ true, payloadMax);
    }

    /** The setting that a program was generated for. */
    static Setting of(Program program) {
        return valueOf(program.name());
    }

    ContextLayout context() {
        return context;
    }

    /** Where the context's numbers begin: one of 8 bytes, one of 4, one of 1 in 2, one of 2. */
    int numbers() {
        return numbers;
    }

    int data() {
        return offset(Kind.PAYLOAD);
    }

    int dataEnd() {
        return offset(Kind.PAYLOAD_END);
    }

    private int offset(Kind kind) {
        return context.fields().stream()
                .filter(f -> f.kind() == kind)
                .findFirst()
                .orElseThrow()
                .offset();
    }

    boolean isNative() {
        return numbers == 0;
    }

    Helpers helpers() {
        return helpers;
    }

    Map<Integer, HelperPrototype> prototypes() {
        return prototypes;
    }

    Platform platform() {
        return platform;
    }
}
