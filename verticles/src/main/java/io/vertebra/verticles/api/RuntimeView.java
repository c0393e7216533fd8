package io.vertebra.verticles.api;

import io.vertebra.connectors.live.LiveSource;
import io.vertebra.connectors.metrics.KeyLabels;
import io.vertebra.connectors.prometheus.DeclaredMetrics;
import io.vertebra.connectors.prometheus.RuntimeMetrics;
import io.vertebra.connectors.spi.QueueState;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletStatistics;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The runtime as outputs look at it: one set of numbers for the page, the API and the metrics. Thread-safe. */
public final class RuntimeView implements LiveSource, RuntimeMetrics.Source {

    private final CodeletRuntime runtime;
    private final DeclaredMetrics declared;
    private final Supplier<List<OutputAccount>> outputs;
    private final Supplier<List<QueueState>> queues;
    private final String source;

    /** A view of a runtime and of what its outputs count. */
    public RuntimeView(
            CodeletRuntime runtime,
            DeclaredMetrics declared,
            Supplier<List<OutputAccount>> outputs,
            Supplier<List<QueueState>> queues,
            String source) {
        this.runtime = runtime;
        this.declared = declared;
        this.outputs = outputs;
        this.queues = queues;
        this.source = source;
    }

    /** How this start is named in records that leave it. */
    public String source() {
        return source;
    }

    @Override
    public List<AttachmentAccount> attachments() {
        return runtime.accounts();
    }

    @Override
    public List<CodeletStatistics> statistics() {
        return runtime.statistics();
    }

    @Override
    public List<OutputAccount> outputs() {
        return outputs.get();
    }

    @Override
    public List<QueueState> queues() {
        return queues.get();
    }

    @Override
    public List<Double> ringFill() {
        return runtime.cores().stream()
                .map(core -> (double) core.ringUsed() / core.ringCapacity())
                .toList();
    }

    @Override
    public SortedSet<String> streams() {
        var names = new TreeSet<String>();
        runtime.streams().stream().map(StreamDescriptor::name).forEach(names::add);
        return names;
    }

    @Override
    public View map(String path) {
        return new View(runtime.map(path), labels(path));
    }

    @Override
    public JsonObject overview() {
        return new JsonObject()
                .put("time", System.currentTimeMillis())
                .put("source", source)
                .put("hooks", hooks())
                .put("sets", codeletSets())
                .put("attachments", RuntimeJson.array(attachments(), RuntimeJson::attachment))
                .put("streams", RuntimeJson.array(runtime.streams(), RuntimeJson::stream))
                .put("outputs", RuntimeJson.array(outputs(), RuntimeJson::output))
                .put("connectors", RuntimeJson.array(queues(), RuntimeJson::queue))
                .put("metrics", metrics());
    }

    /** The hooks, and what is attached to each. */
    public JsonArray hooks() {
        var statistics = runtime.statistics();
        var hooks = runtime.hookStatistics();
        return RuntimeJson.array(runtime.hooks(), hook -> RuntimeJson.hook(hook, statistics, hooks));
    }

    /** The sets that are loaded. */
    public JsonArray codeletSets() {
        return RuntimeJson.array(runtime.sets(), RuntimeJson::codeletSet);
    }

    /** The streams, and what became of the records of each. */
    JsonArray streamList() {
        var outputs = outputs();
        return RuntimeJson.array(runtime.streams(), stream -> {
            var own = outputs.stream().filter(output -> output.stream().equals(stream.name()));
            return RuntimeJson.stream(stream).put("outputs", RuntimeJson.array(own.toList(), RuntimeJson::output));
        });
    }

    JsonObject accounts() {
        return new JsonObject()
                .put("attachments", RuntimeJson.array(attachments(), RuntimeJson::attachment))
                .put("outputs", RuntimeJson.array(outputs(), RuntimeJson::output))
                .put("connectors", RuntimeJson.array(queues(), RuntimeJson::queue));
    }

    private JsonArray metrics() {
        var metrics = new JsonArray();
        declared.specs()
                .forEach((set, specs) -> specs.forEach(spec -> {
                    var map = runtime.map(set + "/" + spec.map()).spec();
                    metrics.add(RuntimeJson.metric(set, map, spec));
                }));
        return metrics;
    }

    /** The labels of the first metric over a map. */
    private Optional<KeyLabels> labels(String path) {
        for (var set : declared.specs().entrySet()) {
            for (var spec : set.getValue()) {
                if ((set.getKey() + "/" + spec.map()).equals(path)) {
                    return Optional.of(new KeyLabels(runtime.map(path).spec(), spec.labels()));
                }
            }
        }
        return Optional.empty();
    }
}
