package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.codelet.OpenSet;
import io.vertebra.runtime.codelet.SetFiles;
import io.vertx.ext.web.FileUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An uploaded codelet set in a folder of its own, which nobody else can read and which is gone when it is closed. Of a
 * {@code multipart/form-data} body, the part {@code descriptor} is the descriptor, the part {@code signature}, when there is
 * one, its signature file, and each part {@code object} an object file under the last name of the path that the descriptor has
 * for it.
 */
final class Upload implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
    private static final String DESCRIPTOR = "descriptor.yaml";
    private static final String SIGNATURE = DESCRIPTOR + SetFiles.SIGNATURE_SUFFIX;

    private final Path folder;
    private final Set<String> objects = new TreeSet<>();

    private Upload(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes the parts of a request's body.
     *
     * @param inside the folder to make one in
     * @throws RequestException when a part is missing, unknown, or there twice
     */
    static Upload take(Path inside, List<FileUpload> parts) throws IOException, RequestException {
        var upload = new Upload(Files.createTempDirectory(inside, "set")); // mode 0700
        try {
            for (var part : parts) {
                Files.move(Path.of(part.uploadedFileName()), upload.folder.resolve(upload.name(part)));
            }
            if (!Files.exists(upload.folder.resolve(DESCRIPTOR))) {
                throw new RequestException(400, "part `descriptor`: missing, needed is the set's descriptor as a file");
            }
            return upload;
        } catch (IOException | RequestException | RuntimeException e) {
            upload.close();
            throw e;
        }
    }

    private String name(FileUpload part) throws RequestException {
        switch (part.name()) {
            case "descriptor" -> {
                requireNew(DESCRIPTOR);
                return DESCRIPTOR;
            }
            case "signature" -> {
                requireNew(SIGNATURE);
                return SIGNATURE;
            }
            case "object" -> {
                if (!NAME.matcher(part.fileName()).matches()) {
                    throw new RequestException(
                            400, "part `object`: file name `" + part.fileName() + "`, allowed is " + NAME.pattern());
                }
                requireNew(part.fileName());
                if (part.fileName().equals(SIGNATURE)) {
                    throw new RequestException(400, "part `object`: file name `" + SIGNATURE + "` is the signature's");
                }
                objects.add(part.fileName());
                return part.fileName();
            }
            default ->
                throw new RequestException(
                        400, "part `" + part.name() + "`: unknown, allowed are `descriptor`, `signature` and `object`");
        }
    }

    private void requireNew(String file) throws RequestException {
        if (Files.exists(folder.resolve(file))) {
            throw new RequestException(400, "file `" + file + "`: there twice, allowed is once");
        }
    }

    /**
     * Reads the set: no file but those uploaded, and nothing of this process's environment.
     *
     * @throws LoadException when it breaks rules, or names files that were not uploaded with it
     */
    OpenSet open(CodeletRuntime runtime) throws LoadException {
        try {
            return runtime.open(SetFiles.readUploaded(folder.resolve(DESCRIPTOR), this::requireInside));
        } catch (LoadException e) {
            throw e.report().isPresent()
                    ? e
                    : new LoadException(e.stage(), withoutFolder(e.getMessage()), e.getCause());
        }
    }

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
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
