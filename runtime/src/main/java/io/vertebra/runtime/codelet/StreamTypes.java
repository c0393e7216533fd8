package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor.Stream;
import io.vertebra.config.StreamFormat;
import io.vertebra.config.StreamRecords.Kinds;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.output.RecordKinds;
import io.vertebra.runtime.output.RecordKinds.Kind;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.program.MapSpec;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The C types of a stream's records, found in the BTF of its map's object.
 *
 * @param type BTF id of the one type; 0 when it is undeclared or there are several
 * @param kinds the several types
 */
record StreamTypes(int type, RecordKinds kinds) {

    /** Looks up what a descriptor names; the first thing that does not fit refuses the set. */
    static StreamTypes of(Stream stream, MapSpec map) throws LoadException {
        var types = new Finder(stream, map.btf()).types(map.valueType());
        if (stream.records().format() == StreamFormat.PROTOBUF
                && types.type == 0
                && types.kinds.equals(RecordKinds.ONE)) {
            throw refused(
                    stream,
                    "format `protobuf` needs the type of the records: declare it with __type(value, ...) in map `"
                            + stream.map() + "`, or name it with `type`");
        }
        return types;
    }

    private static LoadException refused(Stream stream, String why) {
        return new LoadException(Stage.RESOURCES, "stream `" + stream.name() + "`: " + why);
    }

    private record Finder(Stream stream, Btf btf) {

        StreamTypes types(int declared) throws LoadException {
            int type = declared;
            if (stream.records().type().isPresent()) {
                type = type(stream.records().type().get());
            }
            var kinds = stream.records().kinds();
            var types =
                    kinds.isEmpty() ? new StreamTypes(type, RecordKinds.ONE) : new StreamTypes(0, kinds(kinds.get()));
            checkKey(types);
            return types;
        }

        private void checkKey(StreamTypes types) throws LoadException {
            if (stream.key().isEmpty()) {
                return;
            }
            List<Integer> each = new ArrayList<>();
            types.kinds.byValue().values().forEach(kind -> each.add(kind.type()));
            if (each.isEmpty()) {
                each.add(types.type);
            }
            for (int type : each) {
                if (!(btf.resolved(type) instanceof BtfType.Struct struct
                        && btf.member(struct, stream.key()).isPresent())) {
                    throw refused(stream, "key `" + stream.key() + "` is not a field of its records");
                }
            }
        }

        private RecordKinds kinds(Kinds declared) throws LoadException {
            Map<Long, Kind> kinds = new LinkedHashMap<>();
            Member first = null;
            var firstType = "";
            for (var entry : declared.types().entrySet()) {
                int type = type(entry.getValue());
                var member = discriminator(declared.field(), entry.getValue(), type);
                if (first == null) {
                    first = member;
                    firstType = entry.getValue();
                } else if (member.bitOffset() != first.bitOffset()
                        || btf.sizeOf(member.type()) != btf.sizeOf(first.type())) {
                    throw refused(
                            stream,
                            "field `%s` has %s in `%s` and %s in `%s`, needed is the same place"
                                    .formatted(
                                            declared.field(),
                                            place(first),
                                            firstType,
                                            place(member),
                                            entry.getValue()));
                }
                var kind = new Kind(name(entry.getKey(), entry.getValue()), type);
                if (kinds.put(value(entry.getKey(), member), kind) != null) {
                    throw refused(stream, "kind `" + entry.getKey() + "` has the value of another one");
                }
            }
            return new RecordKinds(first.bitOffset() / Byte.SIZE, (int) btf.sizeOf(first.type()), kinds);
        }

        private String place(Member member) {
            return "%d bytes at %d".formatted(btf.sizeOf(member.type()), member.bitOffset() / Byte.SIZE);
        }

        /** The field that tells the kind, in one of the types. */
        private Member discriminator(String field, String typeName, int type) throws LoadException {
            if (!(btf.resolved(type) instanceof BtfType.Struct struct)) {
                throw refused(stream, "`" + typeName + "` is no struct, needed is one with a field `" + field + "`");
            }
            var member = btf.member(struct, field)
                    .orElseThrow(() -> refused(stream, "`" + typeName + "` has no field `" + field + "`"));
            var resolved = btf.resolved(member.type());
            boolean number =
                    (resolved instanceof BtfType.Int i && i.size() <= Long.BYTES) || resolved instanceof BtfType.Enum;
            if (!number || member.bitSize() != 0 || member.bitOffset() % Byte.SIZE != 0) {
                throw refused(
                        stream,
                        "field `" + field + "` of `" + typeName + "` is no integer or enum of whole bytes, at most 8");
            }
            return member;
        }

        /** What events call a kind: the enumerator by which the descriptor names it, else the type. */
        private static String name(String key, String type) {
            return isNumber(key) ? type.substring(type.lastIndexOf(' ') + 1) : key;
        }

        private static boolean isNumber(String key) {
            return Character.isDigit(key.charAt(key.length() - 1))
                    && (key.charAt(0) == '-' || Character.isDigit(key.charAt(0)));
        }

        /** The bits of a kind's number, without a sign. */
        private long value(String key, Member member) throws LoadException {
            var number = isNumber(key) ? new BigInteger(key) : BigInteger.valueOf(enumerator(key, member));
            int bits = (int) btf.sizeOf(member.type()) * Byte.SIZE;
            var limit = BigInteger.ONE.shiftLeft(bits);
            if (number.compareTo(limit) >= 0
                    || number.compareTo(limit.shiftRight(1).negate()) < 0) {
                throw refused(
                        stream, "kind `%s` is no value of `%s`, which has %d bits".formatted(key, member.name(), bits));
            }
            return number.mod(limit).longValue();
        }

        /** By the field's own enum, else by any: C has one number for a name. */
        private long enumerator(String name, Member member) throws LoadException {
            List<BtfType> enums = btf.resolved(member.type()) instanceof BtfType.Enum own ? List.of(own) : btf.types();
            for (var type : enums) {
                if (type instanceof BtfType.Enum each) {
                    for (var enumerator : each.values()) {
                        if (enumerator.name().equals(name)) {
                            return enumerator.value();
                        }
                    }
                }
            }
            throw refused(
                    stream,
                    "kind `" + name + "` is no enumerator of "
                            + (enums.size() == 1 ? "field `" + member.name() + "`" : "its object, use the number"));
        }

        private int type(String name) throws LoadException {
            var tag = name.substring(name.lastIndexOf(' ') + 1);
            return btf.named(name)
                    .orElseThrow(() -> refused(
                            stream,
                            "type `%s` is not in the BTF of map `%s`'s object; a global `%s *%s_type;` in C puts it there"
                                    .formatted(name, stream.map(), name, tag)));
        }
    }
}
