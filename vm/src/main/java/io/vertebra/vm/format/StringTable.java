package io.vertebra.vm.format;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * NUL-terminated strings by offset, as ELF and BTF store them. Each string is decoded once; the sum of what is decoded
 * is bounded by the size of the table, because offsets may lead into the middle of one long string. Not thread-safe.
 */
public final class StringTable {

    /** Tail-merged tables share suffixes; no compiler's table comes near this factor. */
    private static final long SHARING = 16;

    private static final long ALLOWANCE = 4096;

    private final ByteView bytes;
    private final Map<Integer, String> decoded = new HashMap<>();
    private long budget;

    /** A table in a view whose name the messages use. */
    public StringTable(ByteView bytes) {
        this.bytes = bytes;
        this.budget = SHARING * bytes.size() + ALLOWANCE;
    }

    /**
     * The string at an offset.
     *
     * @throws ObjectFormatException when the offset is outside or no NUL follows
     */
    public String at(long offset) {
        if (offset < 0 || offset >= bytes.size()) {
            throw new ObjectFormatException("%s: string offset %s is outside its %d bytes"
                    .formatted(bytes.name(), Long.toUnsignedString(offset), bytes.size()));
        }
        var known = decoded.get((int) offset);
        return known == null ? decode((int) offset) : known;
    }

    private String decode(int offset) {
        int end = offset;
        while (bytes.u8(end) != 0) {
            end++;
            if (end == bytes.size()) {
                throw new ObjectFormatException("%s: string at offset %d has no end".formatted(bytes.name(), offset));
            }
            if (end - offset > budget) {
                throw new ObjectFormatException("%s: its strings overlap to more than %d times its %d bytes"
                        .formatted(bytes.name(), SHARING, bytes.size()));
            }
        }
        budget -= end - offset;
        var text = new String(bytes.slice(bytes.name(), offset, end - offset).toByteArray(), StandardCharsets.UTF_8);
        decoded.put(offset, text);
        return text;
    }
}
