package io.vertebra.verifier.prevail;

import io.vertebra.verifier.analysis.ExplorationListener;
import io.vertebra.verifier.analysis.Explorer;
import io.vertebra.verifier.cfg.Structure;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.program.MapType;
import java.util.Map;
import java.util.Optional;

/** What our verifier says of a case. */
sealed interface Decision {

    /** Safe from every state before. */
    record Accepted() implements Decision {}

    /** Not safe, or not seen to be. */
    record NotAccepted(String reason) implements Decision {}

    /** The case cannot be said in terms of our verifier. */
    record NotStated(String reason) implements Decision {}

    /** Decides a case: with the type of map that suits it, from every typing of its registers. */
    static Decision of(Case source) {
        try {
            return Maps.types(source.namesMaps()).stream()
                    .map(type -> of(source, type))
                    .reduce((a, b) -> b instanceof Accepted ? b : a)
                    .orElseThrow();
        } catch (NotStatedException e) {
            return new NotStated(e.getMessage());
        }
    }

    private static Decision of(Case source, MapType type) {
        var pre = new Precondition(source.pre());
        for (var typing : pre.typings()) {
            var reason = reasonAgainst(source, pre, typing, type);
            if (reason.isPresent()) {
                return new NotAccepted(reason.get());
            }
        }
        return new Accepted();
    }

    private static Optional<String> reasonAgainst(
            Case source, Precondition pre, Map<String, String> typing, MapType type) {
        var maps = new Maps(type);
        var entry = new EntryState(pre, typing, maps);
        // The program holds the maps, so that those of the state must be known first.
        entry.make(() -> 0);
        var program = Assembler.assemble(source, maps);
        var defects = Structure.check(program);
        if (!defects.isEmpty()) {
            return Optional.of(defects.getFirst().problem());
        }
        var platform = new PrevailPlatform(!source.has("!allow_division_by_zero"));
        return Explorer.explore(program, platform, entry::make, ExplorationListener.NONE) instanceof Rejected rejected
                ? Optional.of(ReportPrinter.summary(rejected.findings().getFirst()))
                : Optional.empty();
    }
}
