package io.vertebra.connectors.format;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.Locale;

/** The descriptor of a file as the source that {@code protoc} reads; only what {@link ProtobufTypes} writes. */
final class ProtobufText {

    private final StringBuilder text = new StringBuilder();
    private final String scope;

    private ProtobufText(FileDescriptorProto file) {
        scope = "." + file.getPackage() + ".";
        text.append("syntax = \"proto3\";\n\npackage ")
                .append(file.getPackage())
                .append(";\n");
        file.getMessageTypeList().forEach(this::message);
        file.getEnumTypeList().forEach(this::enumeration);
    }

    static String of(FileDescriptorProto file) {
        return new ProtobufText(file).text.toString();
    }

    private void message(DescriptorProto message) {
        text.append("\nmessage ").append(message.getName()).append(" {\n");
        message.getFieldList().forEach(this::field);
        text.append("}\n");
    }

    private void field(FieldDescriptorProto field) {
        var name = field.getName();
        text.append(field.getLabel() == Label.LABEL_REPEATED ? "  repeated " : "  ")
                .append(type(field))
                .append(' ')
                .append(name)
                .append(" = ")
                .append(field.getNumber())
                .append(usualJsonName(name).equals(name) ? "" : " [json_name = \"" + name + "\"]")
                .append(";\n");
    }

    private String type(FieldDescriptorProto field) {
        return field.hasTypeName()
                ? field.getTypeName().substring(scope.length())
                : field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT);
    }

    /** What {@code protoc} makes of a name: an underscore goes, and the letter behind it is a capital. */
    private static String usualJsonName(String name) {
        var json = new StringBuilder();
        boolean capital = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                capital = true;
            } else {
                json.append(capital ? Character.toUpperCase(c) : c);
                capital = false;
            }
        }
        return json.toString();
    }

    private void enumeration(EnumDescriptorProto type) {
        text.append("\nenum ").append(type.getName()).append(" {\n");
        if (type.getOptions().getAllowAlias()) {
            text.append("  option allow_alias = true;\n");
        }
        type.getValueList()
                .forEach(value -> text.append("  ")
                        .append(value.getName())
                        .append(" = ")
                        .append(value.getNumber())
                        .append(";\n"));
        text.append("}\n");
    }
}
