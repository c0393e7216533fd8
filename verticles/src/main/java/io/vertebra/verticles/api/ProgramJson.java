package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.CodeletStatistics;
import io.vertebra.runtime.codelet.Verdict;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.InstructionCodec;
import io.vertebra.vm.program.Program;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/** Loaded programs as JSON: bpftool's names for what a program is, and where it is attached. Thread-safe. */
final class ProgramJson {

    /** Bytes of a tag, as the kernel's. */
    private static final int TAG_BYTES = 8;

    private final Ids ids = new Ids();
    private final MapJson maps;

    ProgramJson(MapJson maps) {
        this.maps = maps;
    }

    /** The programs of all codelets. */
    JsonArray all(CodeletRuntime runtime) {
        var array = new JsonArray();
        for (var set : runtime.sets()) {
            var programs = set.programs();
            for (var codelet : set.statistics()) {
                var program = programs.get(codelet.codelet());
                if (program != null) { // not when the set is replaced at this moment
                    array.add(program(set, codelet, program));
                }
            }
        }
        return array;
    }

    /**
     * One codelet's program: {@code {"program", "report", "maps", "code"}}.
     *
     * @throws RequestException 404 when there is none
     */
    JsonObject one(CodeletRuntime runtime, String setName, String name) throws RequestException {
        var set = runtime.set(setName).orElseThrow(() -> unknown("set", setName, names(runtime)));
        var program = set.programs().get(name);
        var accepted = set.reports().get(name);
        var helpers = set.helpers().get(name);
        var statistics =
                set.statistics().stream().filter(c -> c.codelet().equals(name)).findFirst();
        if (program == null || accepted == null || helpers == null || statistics.isEmpty()) {
            throw unknown("codelet", setName + "/" + name, set.programs().keySet());
        }
        IntFunction<String> helper =
                id -> helpers.prototype(id).map(HelperPrototype::name).orElse("#" + id);
        return new JsonObject()
                .put("program", program(set, statistics.get(), program))
                .put("report", report(name, program, accepted, helper))
                .put("maps", new JsonArray(mapPaths(set, program)))
                .put("code", ProgramCode.json(program, accepted.plan(), helper));
    }

    private static RequestException unknown(String kind, String name, Collection<String> known) {
        return new RequestException(404, kind + " `" + name + "`: unknown, known are " + new TreeSet<>(known));
    }

    private static List<String> names(CodeletRuntime runtime) {
        return runtime.sets().stream().map(CodeletSet::name).toList();
    }

    /** The verdict with what was proved, and what that cost. */
    private static JsonObject report(String name, Program program, Accepted accepted, IntFunction<String> helper) {
        var plan = accepted.plan();
        var statistics = accepted.statistics();
        var helpers = RuntimeJson.array(
                new TreeSet<>(plan.helpers()),
                id -> new JsonObject().put("id", id).put("name", helper.apply(id)));
        return ReportJson.verdict(new Verdict(name, program.instructions().size(), accepted))
                .put("stack_bytes", plan.stackBytes())
                .put("context", plan.context().name().toLowerCase(Locale.ROOT))
                .put("helpers", helpers)
                .put("explored_instructions", statistics.instructions())
                .put("explored_states", statistics.states())
                .put("millis", statistics.nanos() / 1e6);
    }

    private static List<String> mapPaths(CodeletSet set, Program program) {
        var used = mapsOf(program);
        return set.maps().entrySet().stream()
                .filter(map -> used.contains(map.getValue().spec().name()))
                .map(map -> set.name() + "/" + map.getKey())
                .sorted()
                .toList();
    }

    private JsonObject program(CodeletSet set, CodeletStatistics codelet, Program program) {
        var code = InstructionCodec.encode(program.instructions());
        var used = new TreeSet<Integer>();
        var names = mapsOf(program);
        set.maps().forEach((name, map) -> {
            if (names.contains(map.spec().name())) {
                used.add(maps.id(set.name() + "/" + name, map));
            }
        });
        return new JsonObject()
                .put("id", ids.of(set.name() + "/" + codelet.codelet(), program.instructions()))
                .put(
                        "type",
                        program.section().contains("/")
                                ? program.section()
                                        .substring(0, program.section().indexOf('/'))
                                : "hook")
                .put("name", codelet.codelet())
                .put("tag", tag(code))
                .put("loaded_at", set.loadedAt().getEpochSecond())
                .put("codelet_set", set.name())
                .put("hook", codelet.hook())
                .put("execution", codelet.execution())
                .put("executor", codelet.executor())
                .put("run_time_ns", codelet.runTimes().totalNanos(codelet.runs()))
                .put("run_cnt", codelet.runs())
                .put("errors", codelet.errors())
                .put("bytes_xlated", code.length)
                .put("jited", codelet.executor().equals("jit"))
                .put("map_ids", new JsonArray(List.copyOf(used)));
    }

    /** The maps whose address the program takes; it knows all of its object. */
    private static Set<String> mapsOf(Program program) {
        var names = new HashSet<String>();
        for (var instruction : program.instructions()) {
            switch (instruction) {
                case Instruction.LoadMap(_, int map) ->
                    names.add(program.maps().get(map).name());
                case Instruction.LoadMapValue(_, int map, _) ->
                    names.add(program.maps().get(map).name());
                default -> {}
            }
        }
        return names;
    }

    private static String tag(byte[] code) {
        try {
            var sum = MessageDigest.getInstance("SHA-256").digest(code);
            return HexFormat.of().formatHex(Arrays.copyOf(sum, TAG_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
