package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.core.Resolution.Access;
import io.vertebra.vm.core.Resolution.Numbers;
import io.vertebra.vm.core.Resolution.Patched;
import io.vertebra.vm.core.Resolution.Poisoned;
import io.vertebra.vm.format.ObjectFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what each relocation asks for in the target. All candidates that match must agree; those that did not match once
 * are not asked again for the same local type. Not thread-safe.
 */
final class CoreResolver {

    private final Btf local;
    private final CoreTarget target;
    private final TypeRelations relations;
    private final Map<Integer, List<Integer>> candidates = new HashMap<>();

    CoreResolver(Btf local, CoreTarget target) {
        this.local = local;
        this.target = target;
        this.relations = new TypeRelations(local, target.types());
    }

    /** What one candidate answers; {@code place} must be the same for all. */
    private record Answer(Patched patch, long place) {}

    /** A question to one candidate. */
    private interface Question {
        Optional<Answer> ask(int candidate);
    }

    Resolution resolve(CoreRelocation relocation) {
        var kind = relocation.kind();
        return switch (kind) {
            case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_SIGNED, FIELD_LEFT_SHIFT, FIELD_RIGHT_SHIFT ->
                field(relocation);
            case FIELD_EXISTS -> fieldExists(relocation);
            case TYPE_ID_LOCAL -> {
                whole(relocation);
                yield new Patched(relocation.type(), relocation.type(), false, Access.NONE);
            }
            case TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES -> type(relocation);
            case ENUM_VALUE_EXISTS, ENUM_VALUE -> enumerator(relocation);
        };
    }

    private Resolution field(CoreRelocation relocation) {
        var path = FieldPath.of(local, relocation);
        var before = FieldValue.of(local, path, relocation.kind());
        var matcher = new FieldMatcher(local, target.types(), relations);
        var answer = agreed(
                relocation,
                candidate -> matcher.match(path, candidate).map(found -> {
                    var after = FieldValue.of(target.types(), found, relocation.kind());
                    return new Answer(
                            new Patched(before.value(), after.value(), before.certain(), access(before, after)),
                            found.bitOffset());
                }));
        return answer.isPresent() ? answer.get().patch() : poison(relocation, path, matcher.missing());
    }

    private Resolution fieldExists(CoreRelocation relocation) {
        var path = FieldPath.of(local, relocation);
        var matcher = new FieldMatcher(local, target.types(), relations);
        var answer = agreed(
                relocation,
                candidate -> matcher.match(path, candidate)
                        .map(found -> new Answer(new Patched(1, 1, true, Access.NONE), found.bitOffset())));
        return new Patched(1, answer.isPresent() ? 1 : 0, true, Access.NONE);
    }

    private Resolution type(CoreRelocation relocation) {
        whole(relocation);
        int id = relocation.type();
        boolean matching = relocation.kind() == CoreRelocation.Kind.TYPE_MATCHES;
        boolean checked = relocation.kind() != CoreRelocation.Kind.TYPE_ID_TARGET;
        long before = typeValue(local, id, relocation.kind());
        var answer = agreed(
                relocation,
                candidate -> (matching ? relations.matches(id, candidate) : relations.compatible(id, candidate))
                        ? Optional.of(new Answer(
                                new Patched(
                                        before,
                                        typeValue(target.types(), candidate, relocation.kind()),
                                        checked,
                                        Access.NONE),
                                0))
                        : Optional.empty());
        return answer.map(Answer::patch).orElse(new Patched(before, 0, checked, Access.NONE));
    }

    private static long typeValue(Btf btf, int id, CoreRelocation.Kind kind) {
        return switch (kind) {
            case TYPE_ID_TARGET -> id;
            case TYPE_SIZE -> btf.sizeOf(id);
            case TYPE_EXISTS, TYPE_MATCHES -> 1;
            default -> throw new IllegalArgumentException(kind + " is not asked of a type");
        };
    }

    private Resolution enumerator(CoreRelocation relocation) {
        boolean exists = relocation.kind() == CoreRelocation.Kind.ENUM_VALUE_EXISTS;
        int index = relocation.access().getFirst();
        if (!(local.resolved(relocation.type()) instanceof BtfType.Enum type)
                || relocation.access().size() != 1
                || index >= type.values().size()) {
            throw new ObjectFormatException("its access is no enumerator");
        }
        var wanted = type.values().get(index);
        long before = exists ? 1 : wanted.value();
        var answer = agreed(
                relocation,
                candidate -> enumerator(candidate, wanted.name())
                        .map(e -> new Answer(new Patched(before, exists ? 1 : e.value(), true, Access.NONE), 0)));
        if (answer.isPresent() || exists) {
            return answer.map(Answer::patch).orElse(new Patched(before, 0, true, Access.NONE));
        }
        return new Poisoned("enumerator `%s` of %s: %s has no such enumerator"
                .formatted(wanted.name(), CoreText.type(local, relocation.type()), target.name()));
    }

    private Optional<BtfType.Enumerator> enumerator(int candidate, String name) {
        if (target.types().resolved(candidate) instanceof BtfType.Enum type) {
            for (var enumerator : type.values()) {
                relations.step();
                if (EssentialName.same(enumerator.name(), name)) {
                    return Optional.of(enumerator);
                }
            }
        }
        return Optional.empty();
    }

    /** The answer that all candidates which have one give. */
    private Optional<Answer> agreed(CoreRelocation relocation, Question question) {
        var asked = candidates.computeIfAbsent(relocation.type(), id -> target.candidates(local, id));
        var matching = new ArrayList<Integer>();
        Answer agreed = null;
        for (int candidate : asked) {
            var answer = question.ask(candidate);
            if (answer.isEmpty()) {
                continue;
            }
            if (agreed != null && !same(agreed, answer.get())) {
                throw new ObjectFormatException("ambiguous, %s has it in type %d `%s` and in type %d `%s`"
                        .formatted(
                                target.name(),
                                matching.getFirst(),
                                target.types().type(matching.getFirst()).name(),
                                candidate,
                                target.types().type(candidate).name()));
            }
            agreed = answer.get();
            matching.add(candidate);
        }
        if (!matching.isEmpty()) {
            candidates.put(relocation.type(), List.copyOf(matching));
        }
        return Optional.ofNullable(agreed);
    }

    private static boolean same(Answer a, Answer b) {
        return a.place() == b.place() && a.patch().after() == b.patch().after();
    }

    private static void whole(CoreRelocation relocation) {
        if (!relocation.access().equals(List.of(0))) {
            throw new ObjectFormatException(
                    "access `%s`, allowed is 0 for a type".formatted(CoreText.access(relocation.access())));
        }
    }

    /** Code that reads a bit field chooses the size of its load itself, by another relocation. */
    private Access access(FieldValue before, FieldValue after) {
        return before.size() == 0 ? Access.NONE : new Access(before.size(), after.size(), numbers(before, after));
    }

    private Numbers numbers(FieldValue before, FieldValue after) {
        var a = local.resolved(before.type());
        var b = target.types().resolved(after.type());
        if (a instanceof BtfType.Pointer && b instanceof BtfType.Pointer) {
            return Numbers.UNSIGNED;
        }
        if (a instanceof BtfType.Int x && b instanceof BtfType.Int y && x.signed() == y.signed()) {
            return x.signed() ? Numbers.SIGNED : Numbers.UNSIGNED;
        }
        return Numbers.MIXED;
    }

    /** Why a load or a store of a field cannot be made for the target. */
    String misread(CoreRelocation relocation, Access access) {
        return "%s: %s has it with %d bytes, the object with %d, which this access cannot follow"
                .formatted(
                        fieldName(relocation, FieldPath.of(local, relocation)),
                        target.name(),
                        access.after(),
                        access.before());
    }

    private Poisoned poison(CoreRelocation relocation, FieldPath path, String missing) {
        return new Poisoned(
                candidates.get(relocation.type()).isEmpty()
                        ? "%s: %s has no such struct".formatted(CoreText.type(local, relocation.type()), target.name())
                        : "%s: %s has %s".formatted(fieldName(relocation, path), target.name(), missing));
    }

    private String fieldName(CoreRelocation relocation, FieldPath path) {
        var field = CoreText.path(local, path);
        return "field `%s` of %s"
                .formatted(field.startsWith(".") ? field.substring(1) : field, CoreText.type(local, relocation.type()));
    }
}
