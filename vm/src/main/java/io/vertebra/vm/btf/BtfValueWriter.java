package io.vertebra.vm.btf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Stores Java values into memory by BTF types, with range checks; messages name the path, the value and the rule. */
final class BtfValueWriter {

    private final Btf btf;
    private final MemorySegment memory;

    BtfValueWriter(Btf btf, MemorySegment memory) {
        this.btf = btf;
        this.memory = memory;
    }

    void write(int type, long offset, String path, Object value) {
        switch (btf.resolved(type)) {
            case BtfType.Int t -> integer(t, offset * Byte.SIZE + t.bitOffset(), t.bits(), path, value);
            case BtfType.Enum t -> enumerator(t, offset * Byte.SIZE, t.size() * Byte.SIZE, path, value);
            case BtfType.Array t -> array(t, offset, path, value);
            case BtfType.Struct t -> struct(t, offset, path, value);
            case BtfType.Variable t -> write(t.type(), offset, path, value);
            case BtfType.Pointer _ -> throw error(path, value, "a pointer cannot be set");
            case BtfType.Float _ -> throw error(path, value, "a floating-point variable cannot be set");
            case BtfType.Void _,
                    BtfType.Forward _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.DataSection _,
                    BtfType.DeclTag _,
                    BtfType.Typedef _,
                    BtfType.Modifier _ ->
                throw error(path, value, "its type `" + btf.type(type).name() + "` has no values");
        }
    }

    private void integer(BtfType.Int type, long bit, int bits, String path, Object value) {
        if (type.bool()) {
            if (!(value instanceof Boolean flag)) {
                throw error(path, value, "a bool takes true or false");
            }
            bits(bit, bits, flag ? BigInteger.ONE : BigInteger.ZERO);
            return;
        }
        number(type.name(), type.signed(), bit, bits, path, value);
    }

    private void number(String type, boolean signed, long bit, int bits, String path, Object value) {
        var number = switch (value) {
            case BigInteger big -> big;
            case Byte _, Short _, Integer _, Long _ -> BigInteger.valueOf(((Number) value).longValue());
            case null, default -> throw error(path, value, "`%s` takes an integer".formatted(type));
        };
        var size = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits);
        var low = signed ? size.negate() : BigInteger.ZERO;
        if (number.compareTo(low) < 0 || number.compareTo(size) >= 0) {
            throw error(path, value, "`%s` takes %s to %s".formatted(type, low, size.subtract(BigInteger.ONE)));
        }
        bits(bit, bits, number);
    }

    private void enumerator(BtfType.Enum type, long bit, int bits, String path, Object value) {
        for (var enumerator : type.values()) {
            if (enumerator.name().equals(value)) {
                bits(bit, bits, BigInteger.valueOf(enumerator.value()));
                return;
            }
        }
        var names = type.values().stream().map(BtfType.Enumerator::name).toList();
        throw error(path, value, "enum `%s` takes one of %s".formatted(type.name(), names));
    }

    private void array(BtfType.Array type, long offset, String path, Object value) {
        if (BtfValues.isCharacter(btf, type.element()) && value instanceof String text) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length >= type.count()) {
                throw error(
                        path,
                        value,
                        "char[%d] takes at most %d bytes of UTF-8 and a NUL, not %d"
                                .formatted(type.count(), type.count() - 1, bytes.length));
            }
            memory.asSlice(offset, type.count()).fill((byte) 0);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes.length);
            return;
        }
        if (!(value instanceof List<?> list) || list.size() != type.count()) {
            throw error(path, value, "an array takes a list of %d elements".formatted(type.count()));
        }
        long stride = btf.sizeOf(type.element());
        for (int i = 0; i < list.size(); i++) {
            write(type.element(), offset + i * stride, path + "[" + i + "]", list.get(i));
        }
    }

    private void struct(BtfType.Struct type, long offset, String path, Object value) {
        if (!(value instanceof Map<?, ?> fields)) {
            throw error(path, value, "struct `%s` takes a map of its members".formatted(type.name()));
        }
        var members = btf.members(type);
        for (var field : fields.entrySet()) {
            var member = members.stream()
                    .filter(m -> m.name().equals(field.getKey()))
                    .findFirst()
                    .orElseThrow(() -> error(
                            path + "." + field.getKey(),
                            field.getValue(),
                            "struct `%s` has the members %s"
                                    .formatted(
                                            type.name(),
                                            members.stream()
                                                    .map(BtfType.Member::name)
                                                    .toList())));
            member(member, offset, path + "." + member.name(), field.getValue());
        }
    }

    private void member(BtfType.Member member, long offset, String path, Object value) {
        long bit = offset * Byte.SIZE + member.bitOffset();
        if (member.bitSize() == 0 && member.bitOffset() % Byte.SIZE == 0) {
            write(member.type(), bit / Byte.SIZE, path, value);
            return;
        }
        switch (btf.resolved(member.type())) {
            case BtfType.Int t when member.bitSize() > 0 -> integer(t, bit, member.bitSize(), path, value);
            case BtfType.Int t -> integer(t, bit + t.bitOffset(), t.bits(), path, value);
            case BtfType.Enum t -> enumerator(t, bit, member.bitSize(), path, value);
            default -> throw error(path, value, "its bit field type has no values");
        }
    }

    private void bits(long bit, int bits, BigInteger value) {
        for (int i = 0; i < bits; i++) {
            long at = (bit + i) / Byte.SIZE;
            int mask = 1 << (bit + i) % Byte.SIZE;
            byte old = memory.get(ValueLayout.JAVA_BYTE, at);
            memory.set(ValueLayout.JAVA_BYTE, at, (byte) (value.testBit(i) ? old | mask : old & ~mask));
        }
    }

    private static IllegalArgumentException error(String path, Object value, String rule) {
        var shown = value instanceof String text ? "`" + text + "`" : String.valueOf(value);
        return new IllegalArgumentException("variable `%s`: value %s: %s".formatted(path, shown, rule));
    }
}
