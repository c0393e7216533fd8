package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.Grant;
import io.vertebra.runtime.admission.Admission;
import io.vertebra.runtime.admission.AdmissionException;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ObjectFile;
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
    private final String digest;
    private final Optional<SetSource> source;
    private Grant grant = Grant.ALL;

    private OpenSet(
            CodeletRuntime runtime,
            CodeletSetDescriptor descriptor,
            Map<Path, ObjectFile> objects,
            String digest,
            Optional<SetSource> source) {
        this.runtime = runtime;
        this.descriptor = descriptor;
        this.objects = objects;
        this.digest = digest;
        this.source = source;
    }

    /** Checks that the set may be loaded before anything is made of its bytes. */
    static OpenSet of(CodeletRuntime runtime, SetFiles files, Admission admission) throws LoadException {
        var descriptor = files.descriptor();
        try {
            admission.check(descriptor.name(), files.manifest(), files.signature());
        } catch (AdmissionException e) {
            throw new LoadException(Stage.ADMISSION, e.getMessage(), e);
        }
        Map<Path, ObjectFile> objects = new LinkedHashMap<>();
        Map<Path, Map<String, Object>> variables = new HashMap<>();
        for (var codelet : descriptor.codelets()) {
            if (!objects.containsKey(codelet.object())) {
                objects.put(codelet.object(), object(codelet.object(), files.objects()));
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
        return new OpenSet(runtime, descriptor, objects, files.manifest().digest(), files.source());
    }

    private static ObjectFile object(Path file, Map<Path, byte[]> contents) throws LoadException {
        try {
            return ObjectFile.read(contents.get(file), file.getFileName().toString());
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

    /** The digest of its {@link io.vertebra.runtime.admission.SetManifest}: equal for equal files, in hex. */
    public String digest() {
        return digest;
    }

    /** The files, when the set is for a whole fleet. */
    Optional<SetSource> source() {
        return source;
    }

    /** Limits what its codelets may be given; without a call, that is everything. */
    public OpenSet within(Grant limit) {
        grant = limit;
        return this;
    }

    Grant grant() {
        return grant;
    }

    /**
     * Sets a global variable in every object of the set that has it; the last value counts.
     *
     * @param variable its C name
     * @param value a number, Boolean or text that fits the variable's BTF type
     * @throws LoadException when no object has it, or the value does not fit
     */
    public OpenSet set(String variable, Object value) throws LoadException {
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
