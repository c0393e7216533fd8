package io.vertebra.vm.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes {@code .BTF} sections for tests: types in order, with any numbers. */
final class BtfBytes {

    static final int INT = 1;
    static final int POINTER = 2;
    static final int ARRAY = 3;
    static final int STRUCT = 4;
    static final int UNION = 5;
    static final int TYPEDEF = 8;
    static final int CONST = 10;
    static final int FUNCTION = 12;
    static final int PROTOTYPE = 13;
    static final int VARIABLE = 14;
    static final int DATA_SECTION = 15;

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

    BtfBytes() {
        strings.write(0);
    }

    /** The offset of a new string. */
    int string(String text) {
        int offset = strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        return offset;
    }

    /** A type: name, kind with its count, size or type, and the words that follow. */
    BtfBytes type(String name, int kind, int count, int sizeOrType, int... words) {
        word(string(name));
        word(kind << 24 | count);
        word(sizeOrType);
        for (int word : words) {
            word(word);
        }
        return this;
    }

    BtfBytes unsigned(String name, int size) {
        return type(name, INT, 0, size, size * 8);
    }

    private void word(int word) {
        types.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(word)
                .array());
    }

    byte[] build() {
        return ByteBuffer.allocate(24 + types.size() + strings.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) BtfReader.MAGIC)
                .put((byte) BtfReader.VERSION)
                .put((byte) 0)
                .putInt(24)
                .putInt(0)
                .putInt(types.size())
                .putInt(types.size())
                .putInt(strings.size())
                .put(types.toByteArray())
                .put(strings.toByteArray())
                .array();
    }

    Btf read() {
        return BtfReader.read(build());
    }
}
