package io.vertebra.verifier.prevail;

import io.vertebra.verifier.analysis.ExplorationListener;
import io.vertebra.verifier.analysis.Explorer;
import io.vertebra.verifier.cfg.Structure;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A case, with one typing of its registers and one type of its maps, in terms of our verifier. */
record Stated(Program program, EntryState entry, Platform platform) {

    /** All typings of a case, which must be accepted together. */
    static List<Stated> all(Case source, MapType type) {
        var pre = new Precondition(source.pre());
        return pre.typings().stream().map(t -> of(source, pre, t, type)).toList();
    }

    private static Stated of(Case source, Precondition pre, Map<String, String> typing, MapType type) {
        var maps = new Maps(type);
        var entry = new EntryState(pre, typing, maps);
        // The program holds the maps, so that those of the state must be known first.
        entry.make(() -> 0);
        return new Stated(
                Assembler.assemble(source, maps), entry, new PrevailPlatform(!source.has("!allow_division_by_zero")));
    }

    /** Why it is rejected, if it is. */
    Optional<String> reasonAgainst(ExplorationListener listener) {
        var defects = Structure.check(program);
        if (!defects.isEmpty()) {
            return Optional.of(defects.getFirst().problem());
        }
        return Explorer.explore(program, platform, entry::make, listener) instanceof Rejected rejected
                ? Optional.of(ReportPrinter.summary(rejected.findings().getFirst()))
                : Optional.empty();
    }
}
