package io.vertebra.runtime.codelet;

import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.vm.program.Program;

/** Who says whether a program is safe. Always the verifier, but in tests of what happens when that is wrong. */
@FunctionalInterface
interface Verification {

    /** The verdict. */
    VerificationReport verify(Program program, Platform platform);
}
