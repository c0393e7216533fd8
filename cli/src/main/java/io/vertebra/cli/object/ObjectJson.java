package io.vertebra.cli.object;

import io.vertebra.connectors.spi.RecordJson;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.CDeclarations;
import io.vertebra.vm.core.CoreText;
import io.vertebra.vm.object.GlobalVariable;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectSection;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.Program;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** An object file as JSON; bytes are named as bpftool names them. */
final class ObjectJson {

    private final ObjectFile file;

    private ObjectJson(ObjectFile file) {
        this.file = file;
    }

    static JsonObject of(ObjectInput input, boolean disassemble) {
        var file = input.file();
        var writer = new ObjectJson(file);
        return new JsonObject()
                .put("name", file.name())
                .put("abi", file.abi().name().toLowerCase(Locale.ROOT))
                .put("license", file.license().orElse(null))
                .put("sections", array(input.sections(), ObjectJson::section))
                .put("programs", array(file.programs(), p -> writer.program(p, disassemble)))
                .put("maps", array(file.maps(), writer::map))
                .put("variables", array(file.variables(), writer::variable))
                .put("btf_types", file.btf().types().size() - 1)
                .put("types", array(ObjectText.typesOf(file), id -> CDeclarations.definition(file.btf(), id)));
    }

    private static <T> JsonArray array(Collection<T> things, Function<T, Object> json) {
        return new JsonArray(List.copyOf(things.stream().map(json).toList()));
    }

    private static JsonObject section(ObjectSection section) {
        return new JsonObject()
                .put("name", section.name())
                .put("bytes", section.size())
                .put("code", section.code())
                .put("relocations", section.relocations());
    }

    private JsonObject program(Program program, boolean disassemble) {
        var uses = ProgramUses.of(file, program);
        var json = new JsonObject()
                .put("name", program.name())
                .put("section", program.section())
                .put("instructions", program.instructions().size())
                .put("functions", array(program.functions(), Program.Function::name))
                .put("maps", array(uses.maps(), m -> m))
                .put("helpers", array(uses.helpers(), h -> h))
                .put(
                        "core_relocations",
                        array(uses.coreRelocations().entrySet(), e -> coreRelocation(e.getKey(), e.getValue())));
        return disassemble ? json.put("disassembly", new Disassembly(file, program).json()) : json;
    }

    private JsonObject coreRelocation(int slot, CoreRelocation relocation) {
        return new JsonObject()
                .put("insn", slot)
                .put("kind", relocation.kind().label())
                .put("type_id", relocation.type())
                .put("access", new JsonArray(relocation.access()))
                .put("text", CoreText.of(file.btf(), relocation));
    }

    private JsonObject map(MapSpec map) {
        var json = new JsonObject()
                .put("name", map.name())
                .put("type", JbpfNames.of(file.abi(), map.type()))
                .put("flags", map.flags())
                .put("frozen", map.frozen())
                .put("bytes_key", map.keySize())
                .put("bytes_value", map.valueSize())
                .put("max_entries", map.maxEntries());
        ObjectText.typeIn(map, map.keyType()).ifPresent(type -> json.put("key_type", type));
        ObjectText.typeIn(map, map.valueType()).ifPresent(type -> json.put("value_type", type));
        return json;
    }

    private JsonObject variable(GlobalVariable variable) {
        var json = new JsonObject()
                .put("name", variable.name())
                .put("map", variable.map())
                .put("offset", variable.offset())
                .put("bytes", variable.size());
        return variable.type() == 0
                ? json
                : json.put("type", CDeclarations.type(file.btf(), variable.type()))
                        .put("value", RecordJson.json(file.variable(variable.name())));
    }
}
