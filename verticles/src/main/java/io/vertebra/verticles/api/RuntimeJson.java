package io.vertebra.verticles.api;

import io.vertebra.config.Buckets;
import io.vertebra.config.Delivery;
import io.vertebra.config.MetricSpec;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.connectors.metrics.MapHistogram;
import io.vertebra.connectors.spi.QueueState;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.account.RunTimes;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.CodeletState;
import io.vertebra.runtime.codelet.CodeletStatistics;
import io.vertebra.runtime.codelet.HookStatistics;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.program.MapSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** What the runtime knows, as the API and the live view show it. */
final class RuntimeJson {

    private RuntimeJson() {}

    static <T> JsonArray array(Collection<T> elements, Function<T, JsonObject> json) {
        var array = new JsonArray();
        elements.forEach(element -> array.add(json.apply(element)));
        return array;
    }

    /** A hook with the codelets that are attached to it, {@code set/codelet}, and what they did together. */
    static JsonObject hook(HookDescriptor hook, List<CodeletStatistics> codelets, List<HookStatistics> hooks) {
        var attached = codelets.stream()
                .filter(codelet -> codelet.hook().equals(hook.name()))
                .filter(codelet -> codelet.state() instanceof CodeletState.Attached)
                .map(codelet -> codelet.codeletSet() + "/" + codelet.codelet())
                .toList();
        var statistics = hooks.stream()
                .filter(its -> its.hook().equals(hook.name()))
                .map(RuntimeJson::hookStatistics)
                .findFirst();
        var fields = array(
                hook.context().fields(),
                field -> new JsonObject()
                        .put("name", field.name())
                        .put("offset", field.offset())
                        .put("size", field.size()));
        return new JsonObject()
                .put("name", hook.name())
                .put("declared_by", hook.declaredBy())
                .put("control", hook.control())
                .put(
                        "context",
                        new JsonObject().put("name", hook.context().name()).put("fields", fields))
                .put("codelets", new JsonArray(attached))
                .put("statistics", statistics.orElse(null));
    }

    private static JsonObject hookStatistics(HookStatistics hook) {
        return new JsonObject()
                .put("runs", hook.runs())
                .put("errors", hook.errors())
                .put("dropped", dropped(hook.dropped()))
                .put("run_times", runTimes(hook.runTimes(), hook.runs()));
    }

    /** Nanoseconds; the histogram has a pair {@code [lower bound, count]} for each slot that is not empty. */
    private static JsonObject runTimes(RunTimes times, long runs) {
        var histogram = new JsonArray();
        for (int k = 0; k < times.slots().size(); k++) {
            if (times.slots().get(k) > 0) {
                histogram.add(new JsonArray().add(1L << k).add(times.slots().get(k)));
            }
        }
        return new JsonObject()
                .put("samples", times.samples())
                .put("sampled_ns", times.nanos())
                .put("longest_ns", times.longest())
                .put("total_ns", times.totalNanos(runs))
                .put("histogram", histogram);
    }

    static JsonObject codeletSet(CodeletSet set) {
        return new JsonObject()
                .put("name", set.name())
                .put("state", set.state().getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .put("digest", set.digest())
                .put("loaded_at", set.loadedAt().toString())
                .put("scope", set.descriptor().scope().name().toLowerCase(Locale.ROOT))
                .put("codelets", array(set.statistics(), RuntimeJson::codelet))
                .put("maps", new JsonArray(List.copyOf(set.maps().keySet())))
                .put("streams", array(set.streams(), RuntimeJson::stream));
    }

    static JsonObject codelet(CodeletStatistics codelet) {
        return new JsonObject()
                .put("name", codelet.codelet())
                .put("hook", codelet.hook())
                .put("execution", codelet.execution())
                .put("executor", codelet.executor())
                .put("runs", codelet.runs())
                .put("errors", codelet.errors())
                .put("payloads_cut", codelet.payloadsCut())
                .put("run_times", runTimes(codelet.runTimes(), codelet.runs()))
                .put("state", codelet.state().label())
                .put("detached", detached(codelet.state()))
                .put("last_error", codelet.lastError().orElse(null));
    }

    /** Null for a codelet that is not. */
    private static JsonObject detached(CodeletState state) {
        return switch (state) {
            case CodeletState.Attached _ -> null;
            case CodeletState.Detached(var since, var reason) ->
                new JsonObject()
                        .put("since", since.toString())
                        .put("reason", reason.label())
                        .put("text", reason.text());
        };
    }

    static JsonObject stream(StreamDescriptor stream) {
        return new JsonObject()
                .put("name", stream.name())
                .put("codelet_set", stream.codeletSet())
                .put("map", stream.map())
                .put("connectors", new JsonArray(stream.connectors()))
                .put("key", stream.key())
                .put("format", stream.format().name().toLowerCase(Locale.ROOT))
                .put("delivery", delivery(stream.delivery()));
    }

    private static String delivery(Delivery delivery) {
        return switch (delivery) {
            case Delivery.BestEffort _ -> "best-effort";
            case Delivery.AtLeastOnce _ -> "at-least-once";
        };
    }

    static JsonObject attachment(AttachmentAccount account) {
        return new JsonObject()
                .put("codelet_set", account.codeletSet())
                .put("codelet", account.codelet())
                .put("hook", account.hook())
                .put("execution", account.execution())
                .put("offered", account.offered())
                .put("ok", account.ok())
                .put("failed", account.failed())
                .put("dropped", dropped(account.dropped()))
                .put("waiting", account.waiting());
    }

    static JsonObject output(OutputAccount account) {
        return new JsonObject()
                .put("stream", account.stream())
                .put("connector", account.connector())
                .put("emitted", account.emitted())
                .put("delivered", account.delivered())
                .put("dropped", dropped(account.dropped()))
                .put("waiting", account.waiting());
    }

    /** What waits in front of a connector. */
    static JsonObject queue(QueueState state) {
        return new JsonObject()
                .put("name", state.connector())
                .put("lag_seconds", state.lag().toMillis() / 1e3)
                .put("queue_bytes", state.waitingBytes())
                .put("queue_limit_bytes", state.maxBytes())
                .put("unfinished_writes", state.unfinishedWrites())
                .put("spool_bytes", state.spoolBytes());
    }

    /** A declared metric and where its map is; no buckets but those of a histogram. */
    static JsonObject metric(String codeletSet, MapSpec map, MetricSpec metric) {
        var buckets = metric.type() == MetricSpec.Type.HISTOGRAM ? buckets(map, metric) : null;
        return new JsonObject()
                .put("name", metric.name())
                .put("help", metric.help())
                .put("type", metric.type().name().toLowerCase(Locale.ROOT))
                .put("map", codeletSet + "/" + metric.map())
                .put("field", metric.field())
                .put("multiplier", metric.multiplier())
                .put("buckets", buckets)
                .put(
                        "labels",
                        new JsonArray(
                                metric.labels().stream().map(LabelSpec::name).toList()));
    }

    /** What each slot of a value counts, or each entry: then their keys' last fields, and the upper bounds in base units. */
    private static JsonObject buckets(MapSpec map, MetricSpec metric) {
        var histogram = MapHistogram.of(map, metric);
        var bounds = histogram.upperBounds();
        return histogram
                .keys()
                .map(keys -> new JsonObject()
                        .put("type", "keys")
                        .put("keys", new JsonArray(LongStream.of(keys).boxed().toList()))
                        .put(
                                "bounds",
                                new JsonArray(DoubleStream.of(bounds)
                                        .limit(keys.length)
                                        .boxed()
                                        .toList())))
                .orElseGet(() -> buckets(metric.buckets()));
    }

    /** What the slots of a histogram count. */
    static JsonObject buckets(Buckets buckets) {
        var json = new JsonObject();
        return switch (buckets) {
            case Buckets.Exp2(long min, _) -> json.put("type", "exp2").put("min", min);
            case Buckets.Exp2Zero _ -> json.put("type", "exp2zero");
            case Buckets.Linear(long min, OptionalLong max) -> {
                max.ifPresent(value -> json.put("max", value));
                yield json.put("type", "linear").put("min", min);
            }
            case Buckets.Fixed(var keys) -> json.put("type", "fixed").put("keys", new JsonArray(keys));
        };
    }

    private static JsonObject dropped(Map<DropCause, Long> dropped) {
        var json = new JsonObject();
        dropped.forEach((cause, n) -> json.put(cause.label(), n));
        return json;
    }
}
