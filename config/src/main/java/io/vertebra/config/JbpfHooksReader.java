package io.vertebra.config;

import io.vertebra.config.JbpfHooks.HelperType;
import io.vertebra.config.JbpfHooks.MapAlias;
import io.vertebra.config.JbpfHooks.ProgramType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads what an application adds to jbpf's ABI (YAML 1.2):
 *
 * <pre>
 * program_types:
 *   - {section: jbpf_ran_ofh, context_bytes: 27}
 * helpers:
 *   - {id: 32, name: scale, arguments: [map, map_key, scalar], result: map_value_or_null}
 * map_types:
 *   - {id: 16, like: hash}
 * </pre>
 *
 * Arguments are {@code scalar map map_key map_value readable readable_or_null writable size size_or_zero context}, a size
 * behind its memory; a result is {@code scalar}, {@code void} or {@code map_value_or_null}. Stateless and thread-safe.
 */
public final class JbpfHooksReader {

    private static final Pattern SECTION = Pattern.compile("[a-zA-Z0-9_./-]{1,255}");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,254}");
    private static final Pattern ARGUMENT = Pattern.compile(
            "scalar|map|map_key|map_value|readable|readable_or_null|writable|size|size_or_zero|context");
    private static final Pattern RESULT = Pattern.compile("scalar|void|map_value_or_null");
    private static final Pattern MAP_TYPE =
            Pattern.compile("hash|array|percpu_hash|percpu_array|lru_hash|array_of_maps|hash_of_maps");

    private static final int LAST_HELPER = 63;
    private static final int FIRST_MAP = 16;
    private static final int MAX_ARGUMENTS = 5;

    private JbpfHooksReader() {}

    /**
     * Reads a file.
     *
     * @throws ConfigException when the file cannot be read, is not YAML, or breaks rules: all of them are named
     */
    public static JbpfHooks read(Path file) {
        try {
            var bytes = InputFile.read(file, YamlDocument.MAX_BYTES);
            return parse(new String(bytes, StandardCharsets.UTF_8), file.toString());
        } catch (IOException e) {
            throw new ConfigException(file.toString(), List.of("cannot be read: " + e.getMessage()));
        }
    }

    /**
     * Reads text.
     *
     * @param yaml the document
     * @param source its name in messages
     * @throws ConfigException naming all problems
     */
    public static JbpfHooks parse(String yaml, String source) {
        var problems = new ArrayList<String>();
        var root = new Section("", YamlDocument.parse(yaml, source), problems);
        var programs = root.sections("program_types").stream()
                .map(JbpfHooksReader::program)
                .toList();
        var helpers =
                root.sections("helpers").stream().map(JbpfHooksReader::helper).toList();
        var maps = root.sections("map_types").stream().map(JbpfHooksReader::map).toList();
        root.close();
        if (!problems.isEmpty()) {
            throw new ConfigException(source, problems);
        }
        return new JbpfHooks(programs, helpers, maps);
    }

    private static ProgramType program(Section section) {
        var type = new ProgramType(
                section.requiredText("section", SECTION), required(section, "context_bytes", 0, Integer.MAX_VALUE));
        section.close();
        return type;
    }

    private static HelperType helper(Section section) {
        var arguments = section.texts("arguments", ARGUMENT);
        if (arguments.size() > MAX_ARGUMENTS) {
            section.problem("arguments", arguments.size() + " entries", "at most " + MAX_ARGUMENTS);
        }
        var helper = new HelperType(
                required(section, "id", 1, LAST_HELPER),
                section.requiredText("name", NAME),
                arguments,
                section.requiredText("result", RESULT));
        section.close();
        return helper;
    }

    private static MapAlias map(Section section) {
        var alias = new MapAlias(
                required(section, "id", FIRST_MAP, Integer.MAX_VALUE), section.requiredText("like", MAP_TYPE));
        section.close();
        return alias;
    }

    private static int required(Section section, String key, int min, int max) {
        if (!section.has(key)) {
            section.problem(key, "missing", "an integer from " + min + " to " + max);
        }
        return (int) section.integer(key, min, max).orElse(min);
    }
}
