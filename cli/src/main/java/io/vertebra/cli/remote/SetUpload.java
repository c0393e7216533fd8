package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.ConfigException;
import io.vertebra.config.DescriptorReader;
import io.vertebra.config.InputFile;
import io.vertebra.runtime.codelet.SetFiles;
import io.vertebra.vm.object.ObjectFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A codelet set from files, as the body of a request.
 *
 * @param name the set's name
 * @param contentType of the body, with its boundary
 * @param body descriptor, signature and objects
 */
record SetUpload(String name, String contentType, byte[] body) {

    private static final int BOUNDARY_BYTES = 16;

    /**
     * Reads a descriptor and the objects that it names, wherever they lie.
     *
     * @throws CommandException when one cannot be read
     */
    static SetUpload read(Path descriptor) throws CommandException {
        try {
            var bytes = DescriptorReader.bytes(descriptor);
            var text = new String(bytes, StandardCharsets.UTF_8);
            var folder = descriptor.toAbsolutePath().normalize().getParent();
            var set = DescriptorReader.parse(text, descriptor.toString(), folder);
            var random = new byte[BOUNDARY_BYTES];
            ThreadLocalRandom.current().nextBytes(random);
            var boundary = "vertebra-" + HexFormat.of().formatHex(random);
            var body = new ByteArrayOutputStream();
            part(body, boundary, "descriptor", "descriptor.yaml", bytes);
            var signature = descriptor.resolveSibling(descriptor.getFileName() + SetFiles.SIGNATURE_SUFFIX);
            boolean signed = Files.exists(signature);
            if (signed) {
                part(body, boundary, "signature", "descriptor.yaml.sig", content(signature));
            }
            Map<String, Path> sent = new HashMap<>();
            for (var codelet : set.codelets()) {
                var object = codelet.object();
                if (signed && !folder.equals(object.toAbsolutePath().normalize().getParent())) {
                    throw new CommandException(
                            "object `" + object + "`: the set is signed, needed is the object beside its"
                                    + " descriptor: a signature covers where files are");
                }
                var before = sent.put(object.getFileName().toString(), object);
                if (before == null) {
                    part(body, boundary, "object", object.getFileName().toString(), content(object));
                } else if (!before.equals(object)) {
                    throw new CommandException("objects `" + before + "` and `" + object
                            + "`: the same name in two folders, allowed is one object of each name");
                }
            }
            body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
            return new SetUpload(set.name(), "multipart/form-data; boundary=" + boundary, body.toByteArray());
        } catch (ConfigException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private static byte[] content(Path file) throws CommandException {
        try {
            return InputFile.read(file, ObjectFile.MAX_BYTES);
        } catch (IOException e) {
            throw new CommandException("file `" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }

    private static void part(ByteArrayOutputStream body, String boundary, String name, String file, byte[] content) {
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\""
                        + file + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
}
