package io.vertebra.verifier.platform;

import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A program type of jbpf: what sections of it begin with, and the context that its programs get. Every context begins with
 * {@code data}, {@code data_end} and {@code meta_data}, of 8 bytes each. jbpf means the last as a place for the program's
 * own use, but its hooks pass a number: here it is one that can be read, not followed.
 *
 * @param section for example {@code jbpf_generic}
 * @param context the struct that r1 points to
 */
public record JbpfProgramType(String section, ContextLayout context) {

    /** Bytes that every context begins with. */
    public static final int LEAST_CONTEXT = 24;

    /** The greatest context: the size of a stack frame. */
    public static final int GREATEST_CONTEXT = 512;

    /** {@code jbpf_generic}, and each section that no type claims. */
    public static final JbpfProgramType GENERIC = new JbpfProgramType(
            "jbpf_generic", context("jbpf_generic_ctx", List.of(new Field("ctx_id", LEAST_CONTEXT, 4, Kind.SCALAR))));

    /** {@code jbpf_stats}. */
    public static final JbpfProgramType STATS = new JbpfProgramType(
            "jbpf_stats", context("jbpf_stats_ctx", List.of(new Field("meas_period", LEAST_CONTEXT, 4, Kind.SCALAR))));

    /**
     * A type of an application, of whose context only the size is known: bytes behind the pointers may be read in any
     * way.
     *
     * @param section what its sections begin with
     * @param contextBytes {@link #LEAST_CONTEXT} to {@link #GREATEST_CONTEXT}; padding at the end does not count
     * @throws IllegalArgumentException for another size
     */
    public static JbpfProgramType of(String section, int contextBytes) {
        if (contextBytes < LEAST_CONTEXT || contextBytes > GREATEST_CONTEXT) {
            throw new IllegalArgumentException("program type `" + section + "`: context of " + contextBytes
                    + " bytes, allowed is " + LEAST_CONTEXT + " to " + GREATEST_CONTEXT);
        }
        int own = contextBytes - LEAST_CONTEXT;
        var fields = own == 0 ? List.<Field>of() : List.of(new Field("fields", LEAST_CONTEXT, own, Kind.STRING));
        return new JbpfProgramType(section, context(section + "_ctx", fields));
    }

    private static ContextLayout context(String name, List<Field> own) {
        var fields = new ArrayList<>(List.of(
                new Field("data", 0, 8, Kind.PAYLOAD),
                new Field("data_end", 8, 8, Kind.PAYLOAD_END),
                new Field("meta_data", 16, 8, Kind.SCALAR)));
        fields.addAll(own);
        int end = fields.getLast().offset() + fields.getLast().size();
        return new ContextLayout(name, (end + Long.BYTES - 1) / Long.BYTES * Long.BYTES, fields);
    }
}
