package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.connectors.format.ProtobufSchema;
import io.vertebra.vm.map.RecordChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vertebra gen}: files that others are built with. */
@Command(
        name = "gen",
        description = "Write what programs around codelets are built with.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = GenCommand.Proto.class,
        footer = {"", "Examples:", "  vertebra gen proto latency.bpf.o -o latency.proto"})
public final class GenCommand {

    private GenCommand() {}

    /** {@code vertebra gen proto}. */
    @Command(
            name = "proto",
            description = {
                "Write record types as messages of Protocol Buffers, as streams of `format: protobuf` send them.",
                "",
                "Without --type, these are the types that ring buffers and perf event arrays declare."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  vertebra gen proto latency.bpf.o",
                "  vertebra gen proto files.bpf.o --type 'struct open_event'",
                "  vertebra gen proto latency.bpf.o --descriptor-set -o latency.desc"
            })
    static final class Proto implements Callable<Integer> {

        @Mixin
        private ObjectOptions object;

        @Option(names = "--type", paramLabel = "TYPE", description = "A type in C, for example `struct open_event`.")
        private List<String> types = List.of();

        @Option(
                names = "--set",
                paramLabel = "NAME",
                description = "The codelet set, after which the package is named. Default: the object's name.")
        private Optional<String> set = Optional.empty();

        @Option(names = "--descriptor-set", description = "Write a FileDescriptorSet instead of a .proto file.")
        private boolean descriptorSet;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "Where to write it. Default: standard output.")
        private Optional<Path> file = Optional.empty();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws CommandException {
            var input = object.read();
            var name = input.file().name().replaceAll("(\\.bpf)?\\.o$", "");
            var schema = ProtobufSchema.of(set.orElse(name), name, input.file().btf(), ids(input));
            write(descriptorSet ? schema.descriptorSet() : schema.text().getBytes(StandardCharsets.UTF_8));
            return 0;
        }

        private List<Integer> ids(ObjectInput input) throws CommandException {
            List<Integer> ids = new ArrayList<>();
            var name = input.file().name();
            for (var type : types) {
                ids.add(input.file()
                        .btf()
                        .named(type)
                        .orElseThrow(() -> new CommandException("object `" + name + "`: type `" + type
                                + "` is not in its BTF, allowed is `struct NAME`, `union NAME`, or a typedef's name")));
            }
            if (types.isEmpty()) {
                input.file().maps().stream()
                        .filter(map -> RecordChannel.isOf(map.type()) && map.valueType() != 0)
                        .forEach(map -> ids.add(map.valueType()));
            }
            if (ids.isEmpty()) {
                throw new CommandException("object `" + name
                        + "`: no ring buffer declares the type of its records, name types with --type");
            }
            return ids;
        }

        private void write(byte[] content) throws CommandException {
            if (file.isEmpty()) {
                if (descriptorSet) {
                    throw new CommandException("--descriptor-set writes bytes, name a file with -o");
                }
                spec.commandLine().getOut().print(new String(content, StandardCharsets.UTF_8));
                spec.commandLine().getOut().flush();
                return;
            }
            try {
                Files.write(file.get(), content);
            } catch (IOException e) {
                throw new CommandException("file `" + file.get() + "` cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
