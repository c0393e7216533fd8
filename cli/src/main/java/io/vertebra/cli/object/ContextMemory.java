package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.HexBytes;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a program gets that is run from the command line.
 *
 * @param context the struct
 * @param payload between {@code data} and {@code data_end}
 */
record ContextMemory(byte[] context, byte[] payload) {

    private static final String PAYLOAD_LENGTH = "payload_len";

    /**
     * Marshals what was given.
     *
     * @param layout size 0 when it is unknown
     * @param context zeros when empty
     * @param payload nothing when empty
     */
    static ContextMemory of(ContextLayout layout, Optional<HexBytes> context, Optional<HexBytes> payload)
            throws CommandException {
        byte[] struct = context.map(HexBytes::toArray).orElse(new byte[layout.size()]);
        if (layout.size() != 0 && struct.length != layout.size()) {
            throw new CommandException(
                    "--ctx: " + struct.length + " bytes, struct " + layout.name() + " has " + layout.size());
        }
        if (payload.isPresent() && layout.size() != 0 && !layout.hasPayload()) {
            throw new CommandException("--payload: struct " + layout.name() + " has no fields `data` and `data_end`");
        }
        var memory = new ContextMemory(struct, payload.map(HexBytes::toArray).orElse(new byte[0]));
        layout.fields().forEach(memory::point);
        return memory;
    }

    private void point(Field field) {
        var bytes = ByteBuffer.wrap(context).order(ByteOrder.LITTLE_ENDIAN);
        if (field.kind() == Kind.PAYLOAD) {
            bytes.putLong(field.offset(), Addresses.PAYLOAD);
        } else if (field.kind() == Kind.PAYLOAD_END) {
            bytes.putLong(field.offset(), Addresses.PAYLOAD + payload.length);
        } else if (field.name().equals(PAYLOAD_LENGTH) && field.size() == Integer.BYTES) {
            bytes.putInt(field.offset(), payload.length);
        }
    }

    /** Lets runs see it; {@code sized} when they get its size in r2. */
    RunContext place(RunContext run, boolean sized) {
        return run.arguments(Addresses.CONTEXT, sized ? context.length : 0)
                .context(MemorySegment.ofArray(context), 0, context.length)
                .payload(MemorySegment.ofArray(payload), 0, payload.length, true);
    }
}
