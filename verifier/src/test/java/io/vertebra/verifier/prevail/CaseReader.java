package io.vertebra.verifier.prevail;

import io.vertebra.verifier.prevail.Case.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads suites: YAML files of many documents, a case each. */
final class CaseReader {

    private static final LoadSettings SETTINGS = LoadSettings.builder().build();

    private CaseReader() {}

    /** The cases of all suites in a folder. */
    static List<Case> folder(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".yaml"))
                    .sorted()
                    .flatMap(f -> file(f).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Case> file(Path file) {
        var cases = new ArrayList<Case>();
        try {
            for (var document : new Load(SETTINGS).loadAllFromString(Files.readString(file))) {
                if (document instanceof Map<?, ?> map && map.containsKey("test-case")) {
                    cases.add(read(file.getFileName().toString(), cases.size() + 1, map));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static Case read(String file, int number, Map<?, ?> document) {
        var blocks = new ArrayList<Block>();
        if (document.get("code") instanceof Map<?, ?> code) {
            code.forEach((label, text) -> blocks.add(
                    new Block(label.toString(), text.toString().lines().toList())));
        }
        return new Case(
                file,
                number,
                String.valueOf(document.get("test-case")),
                strings(document.get("options")),
                strings(document.get("pre")),
                blocks,
                strings(document.get("messages")),
                Optional.ofNullable(document.get("expected-exception")).map(Object::toString));
    }

    private static List<String> strings(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }
}
