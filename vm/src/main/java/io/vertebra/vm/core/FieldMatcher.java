package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks for a field's counterpart in a type of the target: by names, wherever anonymous structs and unions put it. */
final class FieldMatcher {

    private final Btf local;
    private final Btf target;
    private final TypeRelations relations;
    private String missing = "";

    FieldMatcher(Btf local, Btf target, TypeRelations relations) {
        this.local = local;
        this.target = target;
        this.relations = relations;
    }

    /** The path in a candidate, if the candidate has one of compatible types. */
    Optional<FieldPath> match(FieldPath path, int candidate) {
        var walk = new FieldPath.Walk(target, candidate);
        boolean first = true;
        for (var step : path.steps()) {
            boolean found = switch (step) {
                case FieldPath.Element e -> first ? root(walk, e.index()) : element(walk, e.index());
                case FieldPath.Member m -> member(walk, m);
            };
            if (!found) {
                return Optional.empty();
            }
            first = false;
        }
        return Optional.of(walk.path());
    }

    /** What the latest candidate without a match lacks, for example {@code no field `port`, it has address}. */
    String missing() {
        return missing;
    }

    private static boolean root(FieldPath.Walk walk, int index) {
        walk.element(walk.type(), index);
        return true;
    }

    private boolean element(FieldPath.Walk walk, int index) {
        if (!(target.type(walk.type()) instanceof BtfType.Array array)) {
            missing = "`%s` where the object has an array".formatted(CoreText.type(target, walk.type()));
            return false;
        }
        if (!walk.has(array, index)) {
            missing = "%d elements, the object uses element %d".formatted(array.count(), index);
            return false;
        }
        walk.element(array.element(), index);
        return true;
    }

    private boolean member(FieldPath.Walk walk, FieldPath.Member step) {
        var wanted = ((BtfType.Struct) local.type(step.struct())).members().get(step.index());
        int outer = walk.type();
        missing = "";
        boolean found = find(walk, wanted);
        if (!found && missing.isEmpty()) {
            missing = "no field `%s`, it has %s".formatted(wanted.name(), fields(outer));
        }
        return found;
    }

    /** Members in order, depth first; a member of the wanted name decides for its struct. */
    private boolean find(FieldPath.Walk walk, BtfType.Member wanted) {
        if (!(target.type(walk.type()) instanceof BtfType.Struct struct)) {
            return false;
        }
        var here = walk.mark();
        for (int i = 0; i < struct.members().size(); i++) {
            relations.step();
            var member = struct.members().get(i);
            if (member.name().equals(wanted.name())) {
                walk.member(i);
                return compatible(wanted, member);
            }
            if (member.name().isEmpty()) {
                walk.member(i);
                if (find(walk, wanted)) {
                    return true;
                }
                walk.back(here);
            }
        }
        return false;
    }

    private boolean compatible(BtfType.Member wanted, BtfType.Member member) {
        boolean compatible = relations.fieldsCompatible(wanted.type(), member.type());
        if (!compatible) {
            missing = "field `%s` as `%s`, the object as `%s`"
                    .formatted(
                            wanted.name(), CoreText.type(target, member.type()), CoreText.type(local, wanted.type()));
        }
        return compatible;
    }

    private String fields(int type) {
        return target.type(type) instanceof BtfType.Struct struct
                ? struct.members().stream()
                        .map(BtfType.Member::name)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.joining(", "))
                : "none";
    }
}
