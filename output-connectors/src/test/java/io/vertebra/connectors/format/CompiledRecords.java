package io.vertebra.connectors.format;

import io.vertebra.config.Delivery;
import io.vertebra.config.StreamFormat;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.object.ObjectFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The initialised variables of {@code records.bpf.c} as records. */
final class CompiledRecords {

    static final ObjectFile OBJECT = object();

    private CompiledRecords() {}

    private static ObjectFile object() {
        try {
            var file = Path.of("../vm/src/test/resources/objects/records.bpf.o");
            return ObjectFile.read(Files.readAllBytes(file), "records.bpf.o");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stream of records of a struct. */
    static StreamDescriptor stream(String struct, StreamFormat format) {
        int type = OBJECT.btf().named("struct " + struct).orElseThrow();
        return new StreamDescriptor(struct, "my-set.2", "map", Delivery.BEST_EFFORT, List.of(), "", OBJECT.btf(), type)
                .withFormat(format);
    }

    /** A batch of one record. */
    static OutputBatch batch(StreamDescriptor stream, byte[] record) {
        return OutputBatch.of(stream, 0, 0, List.of(record));
    }

    /** The bytes that clang made of a variable. */
    static byte[] bytes(String variable) {
        var btf = OBJECT.btf();
        var section = (BtfType.DataSection)
                btf.type(btf.find(BtfType.DataSection.class, ".data").orElseThrow());
        var place = section.variables().stream()
                .filter(v -> btf.type(v.variable()).name().equals(variable))
                .findFirst()
                .orElseThrow();
        var data = OBJECT.maps().stream()
                .filter(map -> map.name().equals(".data"))
                .findFirst()
                .orElseThrow();
        return Arrays.copyOfRange(data.initial(), place.offset(), place.offset() + place.size());
    }
}
