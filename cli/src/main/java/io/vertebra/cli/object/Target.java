package io.vertebra.cli.object;

import io.vertebra.verifier.Verifier;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.vm.program.Program;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a program will run, as far as its object tells; the limits are the defaults.
 *
 * @param platform for the verifier
 * @param note what the object does not tell, in one sentence; usually empty
 */
record Target(Platform platform, Optional<String> note) {

    VerificationReport verify(Program program) {
        return Verifier.verify(program, platform);
    }

    /** The verdict; {@code log} takes how it was come to. */
    VerificationReport verify(Program program, Consumer<String> log) {
        return Verifier.verify(program, platform, log);
    }
}
