package io.vertebra.config;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** One YAML document as lists, mappings, text and numbers; bounded in every direction. */
final class YamlDocument {

    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_ALIASES = 50;
    private static final int MAX_DEPTH = 32;

    private YamlDocument() {}

    /** What a document holds. */
    static Object parse(String yaml, String source) {
        var settings = settings(yaml, source);
        return guarded(source, () -> {
            var document = new Load(settings).loadFromString(yaml);
            checkDepth(document, 0, source);
            return document;
        });
    }

    /** The line of each value, by its path, of a document that was parsed already. */
    static Map<String, Integer> lines(String yaml, String source) {
        var settings = settings(yaml, source);
        return guarded(
                source,
                () -> new Composer(settings, new ParserImpl(settings, new StreamReader(settings, yaml)))
                        .getSingleNode()
                        .map(YamlLines::of)
                        .orElse(Map.of()));
    }

    private static LoadSettings settings(String yaml, String source) {
        if (yaml.length() > MAX_BYTES) {
            throw new ConfigException(
                    source, List.of("document: " + yaml.length() + " characters, allowed is at most " + MAX_BYTES));
        }
        return LoadSettings.builder()
                .setLabel(source)
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setCodePointLimit(MAX_BYTES)
                .build();
    }

    private static <T> T guarded(String source, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (YamlEngineException e) {
            throw new ConfigException(source, List.of("document: not YAML 1.2, " + oneLine(e.getMessage())));
        } catch (StackOverflowError _) {
            throw tooDeep(source);
        }
    }

    private static void checkDepth(Object value, int depth, String source) {
        if (depth > MAX_DEPTH) {
            throw tooDeep(source);
        }
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(v -> checkDepth(v, depth + 1, source));
            case List<?> list -> list.forEach(v -> checkDepth(v, depth + 1, source));
            case null, default -> {}
        }
    }

    private static ConfigException tooDeep(String source) {
        return new ConfigException(source, List.of("document: nested too deeply, allowed is " + MAX_DEPTH + " levels"));
    }

    private static String oneLine(String text) {
        return String.valueOf(text).strip().replaceAll("\\s+", " ");
    }
}
