package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.runtime.admission.SetNeeds;
import io.vertebra.runtime.dispatch.Attachment;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.helper.Helpers;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What one load or replacement of a set has made; a later version may share maps, drains and inputs with it.
 *
 * @param descriptor what it was made from
 * @param attachments its codelets on their hooks
 * @param reports what was proved, by codelet, in the descriptor's order
 * @param helpers that each codelet may call, by codelet
 * @param maps its maps
 * @param drains its streams
 * @param inputs what can be sent to it
 * @param needs what its codelets are given that does more than look
 * @param loaded when
 */
record SetVersion(
        CodeletSetDescriptor descriptor,
        List<Attachment> attachments,
        Map<String, Accepted> reports,
        Map<String, Helpers> helpers,
        SetMaps maps,
        List<OutputDrain> drains,
        List<InputChannel> inputs,
        SetNeeds needs,
        Instant loaded) {

    SetVersion {
        attachments = List.copyOf(attachments);
        reports = Collections.unmodifiableMap(reports);
        helpers = Map.copyOf(helpers);
        drains = List.copyOf(drains);
        inputs = List.copyOf(inputs);
    }

    /** The drains of this version that another one does not have. */
    List<OutputDrain> drainsNotIn(SetVersion other) {
        return drains.stream().filter(drain -> !other.drains.contains(drain)).toList();
    }

    /** Ends the timers in values of maps that another version does not have. */
    void endTimersNotIn(SetVersion other) {
        maps.named().values().stream()
                .filter(map -> !other.maps.named().containsValue(map))
                .forEach(map -> map.timers().close());
    }

    /** Ends the timers in the values of all maps. */
    void endTimers() {
        maps.named().values().forEach(map -> map.timers().close());
    }
}
