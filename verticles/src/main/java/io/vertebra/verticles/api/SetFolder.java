package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.codelet.OpenSet;
import io.vertebra.runtime.codelet.SetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The files of a codelet set that came from elsewhere, in a folder of their own, which nobody else can read and which is gone
 * when it is closed. Not thread-safe.
 */
public final class SetFolder implements AutoCloseable {

    /** The name of the descriptor's file. */
    public static final String DESCRIPTOR = "descriptor.yaml";

    /** The name of the signature's file, when there is one. */
    public static final String SIGNATURE = DESCRIPTOR + SetFiles.SIGNATURE_SUFFIX;

    /** The form of objects' file names. */
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");

    private final Path folder;
    private final Set<String> objects = new TreeSet<>();

    private SetFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * An empty one.
     *
     * @param inside the folder to make it in
     */
    public static SetFolder create(Path inside) throws IOException {
        return new SetFolder(Files.createTempDirectory(inside, "set")); // mode 0700
    }

    /** Adds a file: the descriptor or its signature under their names, or an object. */
    public void put(String name, byte[] content) throws IOException {
        Files.write(place(name), content);
    }

    /**
     * Where a file of a name is to be put.
     *
     * @throws IllegalArgumentException when the name is not that of a file of a set
     */
    Path place(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("file name `" + name + "`, allowed is " + NAME.pattern());
        }
        if (!name.equals(DESCRIPTOR) && !name.equals(SIGNATURE)) {
            objects.add(name);
        }
        return folder.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    /**
     * Reads the set: no file but those here, and nothing of this process's environment. The runtime's rules of admission hold.
     *
     * @throws LoadException when it breaks rules, or names files that are not here
     */
    public OpenSet open(CodeletRuntime runtime) throws LoadException {
        try {
            return runtime.open(SetFiles.readUploaded(folder.resolve(DESCRIPTOR), this::requireInside));
        } catch (LoadException e) {
            throw e.report().isPresent()
                    ? e
                    : new LoadException(e.stage(), withoutFolder(e.getMessage()), e.getCause());
        }
    }

    /** A descriptor from elsewhere reaches no file of this machine. */
    private void requireInside(Path object) throws LoadException {
        var path = object.toAbsolutePath().normalize();
        if (!folder.equals(path.getParent())
                || !objects.contains(path.getFileName().toString())) {
            var shown = path.startsWith(folder.getParent()) ? folder.relativize(path) : path;
            throw new LoadException(
                    Stage.OBJECT, "object `" + shown + "`: not uploaded, there are the parts `object` " + objects);
        }
    }

    private String withoutFolder(String message) {
        return message.replace(folder + "/", "");
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }

    /** Removes a folder and what is in it. */
    public static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
