package io.vertebra.verifier;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/** The platform and the maps of tests. */
final class Fixtures {

    static final MapSpec ARRAY = MapSpec.of("values", MapType.ARRAY, 4, 64, 8);
    static final MapSpec HASH = MapSpec.of("flows", MapType.HASH, 8, 16, 8);
    static final MapSpec RING = MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096);

    /** Offsets: number 0, small 8, text 16 to 31, data 32, data_end 40; byte 12 to 15 are padding. */
    static final ContextLayout CONTEXT = new ContextLayout(
            "test_event",
            48,
            List.of(
                    new Field("number", 0, 8, Kind.SCALAR),
                    new Field("small", 8, 4, Kind.SCALAR),
                    new Field("text", 16, 16, Kind.STRING),
                    new Field("data", 32, 8, Kind.PAYLOAD),
                    new Field("data_end", 40, 8, Kind.PAYLOAD_END)));

    static final NativePlatform PLATFORM = new NativePlatform(CONTEXT, prototypes(), NativePlatform.INLINE_STEPS);

    private Fixtures() {}

    /** The programs of an object of {@code codelets}, whose source is beside it. */
    static Stream<Program> programs(String object) {
        try (var in = Fixtures.class.getResourceAsStream("/codelets/" + object)) {
            return ObjectFile.read(in.readAllBytes(), object).programs().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<HelperPrototype> prototypes() {
        return Helpers.standard().all().stream().map(Helper::prototype).toList();
    }

    /** A frozen map of one entry. */
    static MapSpec readOnly(byte... content) {
        var empty = MapSpec.of(".rodata", MapType.ARRAY, 4, content.length, 1);
        return new MapSpec(empty.name(), empty.type(), 4, content.length, 1, 0, true, content, empty.btf(), 0, 0);
    }
}
