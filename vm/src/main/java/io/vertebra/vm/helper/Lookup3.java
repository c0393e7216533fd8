package io.vertebra.vm.helper;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bob Jenkins's hash of 2006 for byte strings ({@code hashlittle} of lookup3, public domain). Stateless. */
final class Lookup3 {

    private static final int BLOCK = 12;
    private static final int START = 0xdeadbeef;

    private int a;
    private int b;
    private int c;

    private Lookup3(int start) {
        a = start;
        b = start;
        c = start;
    }

    /** The hash of {@code size} bytes, with initial value 0. */
    static int hash(MemorySegment memory, long offset, long size) {
        var state = new Lookup3(START + (int) size);
        long at = 0;
        for (; size - at > BLOCK; at += BLOCK) {
            state.add(memory, offset + at, BLOCK);
            state.mix();
        }
        if (size == at) {
            return state.c;
        }
        state.add(memory, offset + at, (int) (size - at));
        state.finish();
        return state.c;
    }

    private void add(MemorySegment memory, long offset, int bytes) {
        for (int i = 0; i < bytes; i++) {
            int value = (memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff) << (i % Integer.BYTES * Byte.SIZE);
            switch (i / Integer.BYTES) {
                case 0 -> a += value;
                case 1 -> b += value;
                default -> c += value;
            }
        }
    }

    private void mix() {
        a = (a - c) ^ Integer.rotateLeft(c, 4);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 6);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 8);
        b += a;
        a = (a - c) ^ Integer.rotateLeft(c, 16);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 19);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 4);
        b += a;
    }

    private void finish() {
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
    }
}
