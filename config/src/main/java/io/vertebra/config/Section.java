package io.vertebra.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * One mapping of a YAML document while it is read: hands out values by key and type, writes down what is wrong with
 * its path, and goes on. What a getter returns after a problem is a harmless default.
 */
final class Section {

    private final String path;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<String> problems;
    private final Set<String> known = new TreeSet<>();
    private final Map<String, String> refused = new LinkedHashMap<>();

    Section(String path, Object value, List<String> problems) {
        this.path = path;
        if (value instanceof Map<?, ?> map) {
            this.problems = problems;
            map.forEach((k, v) -> values.put(String.valueOf(k), v));
        } else {
            problems.add((path.isEmpty() ? "document" : path) + ": " + shown(value) + ", allowed is a mapping");
            this.problems = new ArrayList<>(); // one problem says it all: what follows from it is not reported
        }
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        known.add(key);
        return values.get(key) != null;
    }

    /** Whether a key is there, without a claim to know it. */
    boolean holds(String key) {
        return values.containsKey(key);
    }

    /** Keys that the format defines and that mean nothing here. */
    void ignore(String... keys) {
        known.addAll(List.of(keys));
    }

    void problem(String key, String observed, String allowed) {
        problems.add(path(key) + ": " + observed + ", allowed is " + allowed);
    }

    /** Keys that the format defines and this version does not honour. */
    void notYet(String... keys) {
        for (var key : keys) {
            refuse(key, "not supported by this version, remove the key");
        }
    }

    /** A key that the format defines and that has no meaning here. */
    void refuse(String key, String why) {
        refused.put(key, why);
    }

    Optional<String> text(String key, Pattern form) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (values.get(key) instanceof String s && form.matcher(s).matches()) {
            return Optional.of(s);
        }
        problem(key, shown(values.get(key)), "text of the form " + form.pattern());
        return Optional.empty();
    }

    String requiredText(String key, Pattern form) {
        if (!has(key)) {
            problem(key, "missing", "text of the form " + form.pattern());
        }
        return text(key, form).orElse("");
    }

    OptionalLong integer(String key, long min, long max) {
        if (!has(key)) {
            return OptionalLong.empty();
        }
        if (values.get(key) instanceof Number n
                && (n instanceof Integer || n instanceof Long)
                && n.longValue() >= min
                && n.longValue() <= max) {
            return OptionalLong.of(n.longValue());
        }
        problem(key, shown(values.get(key)), "an integer from " + min + " to " + max);
        return OptionalLong.empty();
    }

    OptionalLong size(String key) {
        if (!has(key)) {
            return OptionalLong.empty();
        }
        var size = ByteSize.parse(String.valueOf(values.get(key)));
        if (size.isEmpty()) {
            problem(key, shown(values.get(key)), ByteSize.FORM);
        }
        return size;
    }

    Optional<Duration> duration(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        var duration = ShortDuration.parse(String.valueOf(values.get(key)));
        if (duration.isEmpty()) {
            problem(key, shown(values.get(key)), ShortDuration.FORM);
        }
        return duration;
    }

    OptionalDouble positive(String key) {
        if (!has(key)) {
            return OptionalDouble.empty();
        }
        if (values.get(key) instanceof Number n && n.doubleValue() > 0 && Double.isFinite(n.doubleValue())) {
            return OptionalDouble.of(n.doubleValue());
        }
        problem(key, shown(values.get(key)), "a number above 0");
        return OptionalDouble.empty();
    }

    boolean flag(String key) {
        if (has(key) && !(values.get(key) instanceof Boolean)) {
            problem(key, shown(values.get(key)), "true or false");
        }
        return Boolean.TRUE.equals(values.get(key));
    }

    List<Double> numbers(String key) {
        List<Double> result = new ArrayList<>();
        for (var element : list(key)) {
            if (element instanceof Number n && Double.isFinite(n.doubleValue())) {
                result.add(n.doubleValue());
            } else {
                problem(key, shown(element), "a number");
            }
        }
        return result;
    }

    <T> Optional<T> choice(String key, Map<String, T> choices, Set<String> notYet) {
        if (!has(key)) {
            return Optional.empty();
        }
        String chosen = String.valueOf(values.get(key));
        if (notYet.contains(chosen)) {
            problems.add(path(key) + ": `" + chosen + "` is not supported by this version, allowed is "
                    + String.join(", ", new TreeSet<>(choices.keySet())));
        } else if (!choices.containsKey(chosen)) {
            problem(key, shown(values.get(key)), String.join(", ", new TreeSet<>(choices.keySet())));
        }
        return Optional.ofNullable(choices.get(chosen));
    }

    List<String> texts(String key, Pattern form) {
        List<String> result = new ArrayList<>();
        for (var element : list(key)) {
            if (element instanceof String s && form.matcher(s).matches()) {
                result.add(s);
            } else {
                problem(key, shown(element), "text of the form " + form.pattern());
            }
        }
        return result;
    }

    List<Section> sections(String key) {
        List<Section> result = new ArrayList<>();
        var elements = list(key);
        for (int i = 0; i < elements.size(); i++) {
            result.add(new Section(path(key) + "[" + i + "]", elements.get(i), problems));
        }
        return result;
    }

    Section section(String key) {
        return new Section(path(key), has(key) ? values.get(key) : Map.of(), problems);
    }

    /** A mapping of texts and numbers that no message may show. */
    Map<String, String> secrets(String key) {
        Map<String, String> result = new LinkedHashMap<>();
        if (has(key) && !(values.get(key) instanceof Map)) {
            problem(key, "no mapping", "a mapping, in the file");
        } else if (has(key)) {
            section(key).forEach((name, value) -> {
                if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    result.put(name, value.toString());
                } else {
                    problem(key + "." + name, "no text", "text");
                }
            });
        }
        return result;
    }

    void forEach(BiConsumer<String, Object> action) {
        values.forEach((key, value) -> {
            known.add(key);
            action.accept(key, value);
        });
    }

    void sectionsByName(BiConsumer<String, Section> action) {
        forEach((key, value) -> {
            var section = new Section(path(key), value, problems);
            action.accept(key, section);
            section.close();
        });
    }

    /** Reports every key that no getter asked for. */
    void close() {
        for (var key : values.keySet()) {
            if (refused.containsKey(key)) {
                problems.add(path(key) + ": " + refused.get(key));
            } else if (!known.contains(key)) {
                problem(key, "unknown key", String.join(", ", known));
            }
        }
    }

    private List<?> list(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (values.get(key) instanceof List<?> list) {
            return list;
        }
        problem(key, shown(values.get(key)), "a list");
        return List.of();
    }

    static String shown(Object value) {
        return switch (value) {
            case null -> "nothing";
            case Map<?, ?> _ -> "a mapping";
            case List<?> _ -> "a list";
            default -> {
                String text = value.toString();
                yield "`" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "`";
            }
        };
    }
}
