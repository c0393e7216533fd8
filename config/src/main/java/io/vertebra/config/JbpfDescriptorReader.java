package io.vertebra.config;

import io.vertebra.config.CodeletSetDescriptor.Codelet;
import io.vertebra.config.CodeletSetDescriptor.Executor;
import io.vertebra.config.CodeletSetDescriptor.Input;
import io.vertebra.config.CodeletSetDescriptor.Limits;
import io.vertebra.config.CodeletSetDescriptor.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the descriptor of a codelet set as jbpf's tools write it (YAML or JSON, with {@code codeletset_id}). Numbers of
 * codelets, channels and links are not bounded as jbpf bounds them.
 *
 * <p>A channel becomes a stream or an input that is called {@code set.codelet.channel}: channels of different sets often have
 * the same name. {@code stream_id} is checked and not used otherwise; {@code serde} and {@code forward_destination}
 * belong to other tools.
 */
final class JbpfDescriptorReader {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,255}");
    private static final Pattern MAP = Pattern.compile("[a-zA-Z0-9_.]{1,255}");
    private static final Pattern HOOK = Pattern.compile("([a-z0-9_]+/)?[a-z0-9_]{1,255}");
    private static final Pattern PATH = Pattern.compile("(?s).{1,4096}");
    private static final Pattern STREAM_ID = Pattern.compile("[0-9a-fA-F]{32}");
    private static final long GREATEST = 0xffff_ffffL;

    private final ObjectFolder objects;
    private final List<Stream> streams = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();

    /**
     * A reader.
     *
     * @param objects where object files are; {@code ${NAME}} in a path stands for a variable of the environment
     */
    JbpfDescriptorReader(ObjectFolder objects) {
        this.objects = objects;
    }

    CodeletSetDescriptor set(Section root) {
        String name = root.requiredText("codeletset_id", NAME);
        List<Codelet> codelets = new ArrayList<>();
        root.sections("codelet_descriptor").forEach(section -> codelets.add(codelet(name, section)));
        if (codelets.isEmpty()) {
            root.problem("codelet_descriptor", "no entry", "at least one");
        }
        root.close();
        return new CodeletSetDescriptor(
                name,
                CodeletSetDescriptor.Scope.MEMBER,
                codelets,
                streams,
                inputs,
                List.of(),
                List.of(),
                Limits.DEFAULT,
                Optional.empty());
    }

    private Codelet codelet(String set, Section section) {
        String name = section.requiredText("codelet_name", NAME);
        for (var channel : channels(section, "out_io_channel")) {
            streams.add(Stream.of(set + "." + name + "." + channel, name + "/" + channel));
        }
        for (var channel : channels(section, "in_io_channel")) {
            inputs.add(new Input(set + "." + name + "." + channel, name + "/" + channel));
        }
        var codelet = new Codelet(
                object(section),
                Optional.empty(),
                Optional.of(name),
                Optional.of(section.requiredText("hook_name", HOOK)),
                Optional.empty(),
                Executor.JIT,
                priority(section),
                links(section),
                Map.of(),
                Duration.of(section.integer("runtime_threshold", 0, GREATEST).orElse(0), ChronoUnit.MICROS));
        section.close();
        return codelet;
    }

    /** jbpf's priorities are unsigned; those above the greatest of ours count as that. */
    private static int priority(Section section) {
        long priority = section.integer("priority", 0, GREATEST).orElse(1);
        return (int) Math.min(Integer.MAX_VALUE, priority);
    }

    private Path object(Section section) {
        return objects.expanded(section, "codelet_path", section.requiredText("codelet_path", PATH));
    }

    private static List<String> channels(Section codelet, String key) {
        List<String> names = new ArrayList<>();
        for (var section : codelet.sections(key)) {
            names.add(section.requiredText("name", MAP));
            section.text("stream_id", STREAM_ID);
            section.ignore("serde", "forward_destination");
            section.close();
        }
        return names;
    }

    private static Map<String, String> links(Section codelet) {
        Map<String, String> links = new LinkedHashMap<>();
        for (var section : codelet.sections("linked_maps")) {
            String own = section.requiredText("map_name", MAP);
            String other = section.requiredText("linked_codelet_name", NAME) + "/"
                    + section.requiredText("linked_map_name", MAP);
            if (links.put(own, other) != null) {
                section.problem("map_name", "`" + own + "` is linked twice", "once");
            }
            section.close();
        }
        return links;
    }
}
