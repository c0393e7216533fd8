package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Scope;
import io.vertebra.config.ConfigException;
import io.vertebra.config.DescriptorReader;
import io.vertebra.config.InputFile;
import io.vertebra.runtime.admission.SetManifest;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.object.ObjectFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of a codelet set's files, each read once: what is checked is what is loaded, whatever becomes of the files.
 *
 * @param descriptor made from the descriptor's bytes
 * @param objects by the path that the descriptor has, resolved
 * @param manifest what the files are, by content
 * @param signature the bytes of the signature file; empty when there is none
 * @param source what other members of a fleet get, when the set is for all of them
 */
public record SetFiles(
        CodeletSetDescriptor descriptor,
        Map<Path, byte[]> objects,
        SetManifest manifest,
        Optional<byte[]> signature,
        Optional<SetSource> source) {

    /** What the name of a descriptor's signature file has in addition. */
    public static final String SIGNATURE_SUFFIX = ".sig";

    private static final int MAX_SIGNATURE = 64 << 10;

    /** Says which object files a descriptor may name, before they are touched. */
    public interface Permission {
        /** Throws when an object may not be read. */
        void check(Path object) throws LoadException;
    }

    /**
     * Reads a set's files.
     *
     * @throws LoadException when one cannot be read, or the descriptor breaks rules
     */
    public static SetFiles read(Path descriptor) throws LoadException {
        return read(descriptor, DescriptorReader::parse, _ -> {});
    }

    /** As {@link #read(Path)}, of files that have come here, from somebody who is not trusted with this machine's. */
    public static SetFiles readUploaded(Path descriptor, Permission permission) throws LoadException {
        return read(descriptor, DescriptorReader::parseUploaded, permission);
    }

    private interface Parser {
        CodeletSetDescriptor parse(String text, String source, Path folder);
    }

    private static SetFiles read(Path descriptor, Parser parser, Permission permission) throws LoadException {
        try {
            var bytes = DescriptorReader.bytes(descriptor);
            var folder = descriptor.toAbsolutePath().normalize().getParent();
            var parsed = parser.parse(new String(bytes, StandardCharsets.UTF_8), descriptor.toString(), folder);
            return of(parsed, bytes, folder, signature(descriptor), permission);
        } catch (ConfigException e) {
            throw new LoadException(Stage.DESCRIPTOR, e.getMessage(), e);
        }
    }

    /** The files that a descriptor names which is no file itself. */
    static SetFiles of(CodeletSetDescriptor descriptor) throws LoadException {
        if (descriptor.scope() == Scope.CLUSTER) {
            throw new LoadException(
                    Stage.DESCRIPTOR,
                    "set `" + descriptor.name() + "`: scope cluster, needed is a descriptor's file, which others get");
        }
        var bytes = descriptor.toString().getBytes(StandardCharsets.UTF_8);
        return of(descriptor, bytes, Path.of("").toAbsolutePath(), Optional.empty(), _ -> {});
    }

    private static SetFiles of(
            CodeletSetDescriptor descriptor,
            byte[] bytes,
            Path folder,
            Optional<byte[]> signature,
            Permission permission)
            throws LoadException {
        Map<Path, byte[]> objects = new LinkedHashMap<>();
        Map<String, byte[]> named = new HashMap<>();
        for (var codelet : descriptor.codelets()) {
            var object = codelet.object();
            if (!objects.containsKey(object)) {
                permission.check(object);
                if (descriptor.scope() == Scope.CLUSTER) {
                    requireBeside(folder, object);
                }
                objects.put(object, object(object));
                named.put(name(folder, object), objects.get(object));
            }
        }
        try {
            var source = descriptor.scope() == Scope.CLUSTER
                    ? Optional.of(new SetSource(new String(bytes, StandardCharsets.UTF_8), named, signature))
                    : Optional.<SetSource>empty();
            return new SetFiles(descriptor, objects, SetManifest.of(bytes, named), signature, source);
        } catch (IllegalArgumentException e) {
            throw new LoadException(Stage.DESCRIPTOR, e.getMessage(), e);
        }
    }

    /** Files are all that members of a fleet send each other, so paths must not be needed. */
    private static void requireBeside(Path folder, Path object) throws LoadException {
        if (!SetSource.beside(object, folder)) {
            throw new LoadException(
                    Stage.OBJECT,
                    "object `" + object
                            + "`: not beside the descriptor's file, needed there by a set of scope cluster");
        }
    }

    private static String name(Path folder, Path object) {
        var absolute = object.toAbsolutePath().normalize();
        var relative = folder.getFileSystem().equals(absolute.getFileSystem()) ? folder.relativize(absolute) : absolute;
        return relative.toString().replace(absolute.getFileSystem().getSeparator(), "/");
    }

    private static byte[] object(Path file) throws LoadException {
        try {
            return InputFile.read(file, ObjectFile.MAX_BYTES);
        } catch (IOException e) {
            throw new LoadException(Stage.OBJECT, "object `" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<byte[]> signature(Path descriptor) throws LoadException {
        var file = descriptor.resolveSibling(descriptor.getFileName() + SIGNATURE_SUFFIX);
        try {
            return Files.exists(file) ? Optional.of(InputFile.read(file, MAX_SIGNATURE)) : Optional.empty();
        } catch (IOException e) {
            throw new LoadException(
                    Stage.ADMISSION, "signature file `" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }
}
