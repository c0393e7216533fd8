package io.vertebra.connectors.format;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.vertebra.vm.btf.Btf;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Record types as messages of proto3. Immutable and thread-safe; needs {@code protobuf-java}.
 *
 * <table>
 * <caption>What becomes of C</caption>
 * <tr><td>struct, union</td><td>a message with the name of the type; field numbers are the order of the members, from 1;
 * members of anonymous structs and unions are fields of the outer message; a union has all its members</td></tr>
 * <tr><td>integers, bit fields</td><td>{@code sint32}, {@code uint32}; of 64 bits {@code sint64}, {@code uint64}; of 128 bits
 * {@code bytes}, little endian</td></tr>
 * <tr><td>enum</td><td>an enum with the same numbers, and one for 0 where C has none; an integer when a number has more than
 * 32 bits</td></tr>
 * <tr><td>{@code char} array</td><td>{@code string}</td></tr>
 * <tr><td>array of unsigned bytes</td><td>{@code bytes}</td></tr>
 * <tr><td>other arrays</td><td>{@code repeated}; an array in an array is a message with {@code values}</td></tr>
 * <tr><td>bool, float, double</td><td>the same</td></tr>
 * <tr><td>pointer</td><td>{@code uint64}</td></tr>
 * </table>
 *
 * <p>JSON names are the names in C. A member that is added behind the others changes no number.
 */
public final class ProtobufSchema {

    private static final int DIGEST_BYTES = 8;

    private final FileDescriptor file;
    private final Map<Integer, String> messages;

    private ProtobufSchema(FileDescriptor file, Map<Integer, String> messages) {
        this.file = file;
        this.messages = messages;
    }

    /**
     * The schema of some types.
     *
     * @param set the codelet set, or whatever else has the types; the package is {@code vertebra.SET}
     * @param name of the file, without its extension; also of a message whose type has no name
     * @param types BTF ids
     */
    public static ProtobufSchema of(String set, String name, Btf btf, Iterable<Integer> types) {
        var proto = FileDescriptorProto.newBuilder()
                .setName(name + ".proto")
                .setPackage(packageOf(set))
                .setSyntax("proto3");
        var writer = new ProtobufTypes(btf, proto);
        Map<Integer, String> messages = new HashMap<>();
        for (int type : types) {
            messages.computeIfAbsent(type, t -> writer.message(t, identifier(name)));
        }
        try {
            return new ProtobufSchema(FileDescriptor.buildFrom(proto.build(), new FileDescriptor[0]), messages);
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException("types of `" + name + "`: " + e.getMessage(), e);
        }
    }

    private static String packageOf(String set) {
        var path = new StringBuilder("vertebra");
        for (var part : set.split("\\.")) {
            path.append('.').append(identifier(part));
        }
        return path.toString();
    }

    private static String identifier(String name) {
        var letters = name.replaceAll("[^a-zA-Z0-9_]", "_");
        return letters.isEmpty() || Character.isDigit(letters.charAt(0)) ? "_" + letters : letters;
    }

    /** The message of a type that the schema was made for. */
    Descriptor message(int type) {
        return file.findMessageTypeByName(messages.get(type));
    }

    /** A URI for a message of this schema, another one when anything in the schema is different. */
    String uri(Descriptor message) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(file.toProto().toByteArray());
            return "urn:vertebra:proto:" + message.getFullName() + ":"
                    + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256, which every JRE has", e);
        }
    }

    /** The schema as a {@code .proto} file. */
    public String text() {
        return ProtobufText.of(file.toProto());
    }

    /** The schema as a serialized {@code google.protobuf.FileDescriptorSet}. */
    public byte[] descriptorSet() {
        return FileDescriptorSet.newBuilder().addFile(file.toProto()).build().toByteArray();
    }
}
