package io.vertebra.vm.object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The compiled objects of the test resources; the C source of each lies beside it. */
public final class TestObjects {

    static final List<String> ALL = List.of(
            "core",
            "functions",
            "globals",
            "jbpf",
            "jbpf_channels",
            "jbpf_tables",
            "maps",
            "plain",
            "records",
            "relocatable",
            "text");

    private TestObjects() {}

    public static byte[] bytes(String name) {
        try (var in = TestObjects.class.getResourceAsStream("/objects/" + name + ".bpf.o")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectFile read(String name) {
        return ObjectFile.read(bytes(name), name + ".bpf.o");
    }
}
