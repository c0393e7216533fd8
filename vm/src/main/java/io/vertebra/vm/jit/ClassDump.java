package io.vertebra.vm.jit;

import io.vertebra.vm.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes class files into the folder that the system property {@code vertebra.jit.dump} names, to be read with javap. */
final class ClassDump {

    private static final String PROPERTY = "vertebra.jit.dump";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private ClassDump() {}

    /** Writes {@code <program>-<number>.class}, if the property is set. */
    static void write(Program program, byte[] bytes) {
        var folder = System.getProperty(PROPERTY);
        if (folder == null) {
            return;
        }
        var name = program.name().replaceAll("[^A-Za-z0-9_]", "_") + "-" + NUMBER.incrementAndGet() + ".class";
        var file = Path.of(folder, name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(PROPERTY + ": " + file + " cannot be written", e);
        }
    }
}
