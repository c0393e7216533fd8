package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Scope;
import io.vertebra.config.ConfigException;
import io.vertebra.config.DescriptorReader;
import io.vertebra.config.InputFile;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ObjectFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A set whose descriptor and objects were read, so that variables can be set before {@link #load}: {@code
 * runtime.open(path).set("slow_us", 500).load()}. Not thread-safe.
 */
public final class OpenSet {

    private final CodeletRuntime runtime;
    private final CodeletSetDescriptor descriptor;
    private final Map<Path, ObjectFile> objects;
    private final ContentDigest content;
    private final Optional<SetSource> source;

    private OpenSet(
            CodeletRuntime runtime,
            CodeletSetDescriptor descriptor,
            Map<Path, ObjectFile> objects,
            ContentDigest content,
            Optional<SetSource> source) {
        this.runtime = runtime;
        this.descriptor = descriptor;
        this.objects = objects;
        this.content = content;
        this.source = source;
    }

    static OpenSet read(CodeletRuntime runtime, Path file) throws LoadException {
        try {
            var text = DescriptorReader.text(file);
            var folder = file.toAbsolutePath().getParent();
            return read(runtime, DescriptorReader.parse(text, file.toString(), folder), text, Optional.of(folder));
        } catch (ConfigException e) {
            throw new LoadException(Stage.DESCRIPTOR, e.getMessage(), e);
        }
    }

    /**
     * Reads the objects of a descriptor that was read already.
     *
     * @param text what it was read from
     * @param folder where its file is; empty when it is not from one
     */
    static OpenSet read(CodeletRuntime runtime, CodeletSetDescriptor descriptor, String text, Optional<Path> folder)
            throws LoadException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        var content = new ContentDigest();
        content.add(text);
        Map<Path, ObjectFile> objects = new LinkedHashMap<>();
        Map<Path, Map<String, Object>> variables = new HashMap<>();
        for (var codelet : descriptor.codelets()) {
            if (!objects.containsKey(codelet.object())) {
                if (descriptor.scope() == Scope.CLUSTER) {
                    requireBeside(folder, codelet.object());
                }
                var bytes = bytes(codelet.object());
                content.add(bytes);
                files.put(codelet.object().getFileName().toString(), bytes);
                objects.put(codelet.object(), object(codelet.object(), bytes));
            }
            var file = objects.get(codelet.object());
            for (var variable : codelet.variables().entrySet()) {
                var before = variables
                        .computeIfAbsent(codelet.object(), _ -> new HashMap<>())
                        .put(variable.getKey(), variable.getValue());
                if (before != null && !before.equals(variable.getValue())) {
                    throw new LoadException(
                            Stage.VARIABLE,
                            "variable `" + variable.getKey() + "`: two codelets of object `" + file.name()
                                    + "` set it to " + before + " and " + variable.getValue()
                                    + ", allowed is one value for each object");
                }
                file = withVariable(file, variable.getKey(), variable.getValue());
            }
            objects.put(codelet.object(), file);
        }
        var source = descriptor.scope() == Scope.CLUSTER
                ? Optional.of(new SetSource(text, files))
                : Optional.<SetSource>empty();
        return new OpenSet(runtime, descriptor, objects, content, source);
    }

    /** Files are all that members of a fleet send each other, so paths must not be needed. */
    private static void requireBeside(Optional<Path> folder, Path object) throws LoadException {
        if (folder.filter(its -> SetSource.beside(object, its)).isEmpty()) {
            throw new LoadException(
                    Stage.OBJECT,
                    "object `" + object
                            + "`: not beside the descriptor's file, needed there by a set of scope cluster");
        }
    }

    private static byte[] bytes(Path file) throws LoadException {
        try {
            return InputFile.read(file, ObjectFile.MAX_BYTES);
        } catch (IOException e) {
            throw new LoadException(Stage.OBJECT, "object `" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }

    private static ObjectFile object(Path file, byte[] bytes) throws LoadException {
        try {
            return ObjectFile.read(bytes, file.getFileName().toString());
        } catch (ObjectFormatException e) {
            throw new LoadException(Stage.OBJECT, e.getMessage(), e);
        }
    }

    private static ObjectFile withVariable(ObjectFile file, String variable, Object value) throws LoadException {
        try {
            return file.withVariable(variable, value);
        } catch (IllegalArgumentException e) {
            throw new LoadException(Stage.VARIABLE, e.getMessage(), e);
        }
    }

    /** What was read. */
    public CodeletSetDescriptor descriptor() {
        return descriptor;
    }

    Map<Path, ObjectFile> objects() {
        return objects;
    }

    /** The files, when the set is for a whole fleet. */
    Optional<SetSource> source() {
        return source;
    }

    /** SHA-256 of the descriptor's text, its objects, and the variables set since: equal for equal content, in hex. */
    public String digest() {
        return content.hex();
    }

    /**
     * Sets a global variable in every object of the set that has it; the last value counts.
     *
     * @param variable its C name
     * @param value a number, Boolean or text that fits the variable's BTF type
     * @throws LoadException when no object has it, or the value does not fit
     */
    public OpenSet set(String variable, Object value) throws LoadException {
        if (source.isPresent()) {
            throw new LoadException(
                    Stage.VARIABLE,
                    "variable `" + variable + "`: set `" + descriptor.name()
                            + "` is of scope cluster and must be the same everywhere, put it into the descriptor's"
                            + " `variables`");
        }
        boolean found = false;
        for (var object : objects.entrySet()) {
            if (object.getValue().variables().stream().anyMatch(v -> v.name().equals(variable))) {
                object.setValue(withVariable(object.getValue(), variable, value));
                found = true;
            }
        }
        if (!found) {
            throw new LoadException(
                    Stage.VARIABLE,
                    "variable `" + variable + "`: no object of set `" + descriptor.name() + "` has it, they have "
                            + objects.values().stream()
                                    .flatMap(o -> o.variables().stream())
                                    .map(v -> v.name())
                                    .toList());
        }
        return this;
    }

    /**
     * Verifies the set's codelets and attaches them: all, or none.
     *
     * @throws LoadException saying what is wrong; nothing has changed then
     */
    public CodeletSet load() throws LoadException {
        return runtime.load(this);
    }
}
