package io.vertebra.config;

import io.vertebra.config.StreamRecords.Kinds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what an entry of {@code streams} says about its records: {@code format}, {@code type}, {@code kind}. */
final class StreamRecordsReader {

    private static final Pattern C_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,254}");
    private static final Pattern C_TYPE = Pattern.compile("((struct|union) )?" + C_NAME.pattern());
    private static final Pattern VALUE = Pattern.compile("-?[0-9]{1,20}|" + C_NAME.pattern());
    private static final Map<String, StreamFormat> FORMATS =
            Map.of("json", StreamFormat.JSON, "raw", StreamFormat.RAW, "protobuf", StreamFormat.PROTOBUF);

    private StreamRecordsReader() {}

    static StreamRecords read(Section stream) {
        var type = stream.text("type", C_TYPE);
        Optional<Kinds> kinds = stream.has("kind") ? Optional.of(kinds(stream.section("kind"))) : Optional.empty();
        if (type.isPresent() && kinds.isPresent()) {
            stream.problem("type", "given beside `kind`", "one of them");
        }
        return new StreamRecords(
                stream.choice("format", FORMATS, Set.of()).orElse(StreamRecords.DEFAULT.format()), type, kinds);
    }

    private static Kinds kinds(Section section) {
        var field = section.requiredText("field", C_NAME);
        Map<String, String> types = new LinkedHashMap<>();
        var byValue = section.section("types");
        byValue.forEach((value, _) -> {
            if (!VALUE.matcher(value).matches()) {
                section.problem("types", "key `" + value + "`", "a number or the name of an enumerator");
            }
            types.put(value, byValue.requiredText(value, C_TYPE));
        });
        if (types.isEmpty()) {
            section.problem("types", "no entry", "at least one");
        }
        section.close();
        return new Kinds(field, types);
    }
}
