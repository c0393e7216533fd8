package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.ConfigException;
import io.vertebra.config.JbpfHooks;
import io.vertebra.config.JbpfHooks.HelperType;
import io.vertebra.config.JbpfHooksReader;
import io.vertebra.verifier.platform.JbpfProgramType;
import io.vertebra.verifier.platform.JbpfTypes;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.program.MapType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A file with what an application adds to jbpf's ABI, as the verifier takes it. Stateless. */
final class JbpfHooksFile {

    private JbpfHooksFile() {}

    static JbpfTypes read(Path file) throws CommandException {
        try {
            return types(JbpfHooksReader.read(file));
        } catch (ConfigException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        }
    }

    private static JbpfTypes types(JbpfHooks hooks) {
        Map<Integer, MapType> maps = new LinkedHashMap<>();
        hooks.maps().forEach(m -> maps.put(m.id(), MapType.valueOf(constant(m.like()))));
        return new JbpfTypes(
                hooks.programs().stream()
                        .map(p -> JbpfProgramType.of(p.section(), p.contextBytes()))
                        .toList(),
                hooks.helpers().stream().map(JbpfHooksFile::prototype).toList(),
                maps);
    }

    private static HelperPrototype prototype(HelperType helper) {
        return new HelperPrototype(
                helper.id(),
                helper.name(),
                helper.arguments().stream()
                        .map(a -> Argument.valueOf(constant(a)))
                        .toList(),
                Result.valueOf(constant(helper.result())));
    }

    private static String constant(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
