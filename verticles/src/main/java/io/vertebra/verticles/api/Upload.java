package io.vertebra.verticles.api;

import io.vertx.ext.web.FileUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An uploaded codelet set. Of a {@code multipart/form-data} body, the part {@code descriptor} is the descriptor, the part
 * {@code signature}, when there is one, its signature file, and each part {@code object} an object file under the last name of
 * the path that the descriptor has for it.
 */
final class Upload {

    private Upload() {}

    /**
     * Takes the parts of a request's body.
     *
     * @param inside the folder to make one in
     * @throws RequestException when a part is missing, unknown, or there twice
     */
    static SetFolder take(Path inside, List<FileUpload> parts) throws IOException, RequestException {
        var folder = SetFolder.create(inside);
        try {
            for (var part : parts) {
                var name = name(part);
                if (folder.has(name)) {
                    throw new RequestException(400, "file `" + name + "`: there twice, allowed is once");
                }
                Files.move(Path.of(part.uploadedFileName()), folder.place(name));
            }
            if (!folder.has(SetFolder.DESCRIPTOR)) {
                throw new RequestException(400, "part `descriptor`: missing, needed is the set's descriptor as a file");
            }
            return folder;
        } catch (IOException | RequestException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static String name(FileUpload part) throws RequestException {
        return switch (part.name()) {
            case "descriptor" -> SetFolder.DESCRIPTOR;
            case "signature" -> SetFolder.SIGNATURE;
            case "object" -> {
                if (!SetFolder.NAME.matcher(part.fileName()).matches()) {
                    throw new RequestException(
                            400,
                            "part `object`: file name `" + part.fileName() + "`, allowed is "
                                    + SetFolder.NAME.pattern());
                }
                if (part.fileName().equals(SetFolder.SIGNATURE)) {
                    throw new RequestException(
                            400, "part `object`: file name `" + SetFolder.SIGNATURE + "` is the signature's");
                }
                yield part.fileName();
            }
            default ->
                throw new RequestException(
                        400, "part `" + part.name() + "`: unknown, allowed are `descriptor`, `signature` and `object`");
        };
    }
}
