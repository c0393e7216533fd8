package io.vertebra.vm.jit;

import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import java.util.List;
import java.util.Optional;

/**
 * How code takes its context as parameters.
 *
 * @param fields a {@code long} each
 * @param payload what the payload is that follows, if there is one
 * @param run what the code may use of the run
 */
record DirectForm(List<Field> fields, Optional<PayloadType> payload, RunUse run) {

    /** The form of a layout, if a method can have so many parameters and something is there to be passed. */
    static Optional<DirectForm> of(ContextLayout layout, PayloadType payload) {
        var fields = DirectCode.fields(layout);
        return layout.equals(ContextLayout.NONE) || fields.size() > DirectCode.MOST_FIELDS
                ? Optional.empty()
                : Optional.of(new DirectForm(
                        fields, layout.hasPayload() ? Optional.of(payload) : Optional.empty(), RunUse.NONE));
    }

    /** The same with more of the run. */
    DirectForm with(RunUse use) {
        return new DirectForm(fields, payload, use);
    }

    /** The field that covers a load. */
    Optional<Field> covering(long offset, int bytes) {
        return fields.stream()
                .filter(f -> offset >= f.offset() && offset + bytes <= f.offset() + f.size())
                .findFirst();
    }
}
