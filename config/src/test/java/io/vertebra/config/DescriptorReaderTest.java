package io.vertebra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.CodeletSetDescriptor.Executor;
import io.vertebra.config.CodeletSetDescriptor.Stream;
import io.vertebra.config.Delivery.AtLeastOnce;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DescriptorReaderTest {

    private static final Path FOLDER = Path.of("/sets");

    private static final String COMPLETE = """
        codeletset: request-latency
        scope: cluster
        codelets:
          - object: latency.bpf.o
            program: on_response
            name: latency
            hook: gateway/response_sent
            execution: inline
            executor: interpreter
            priority: 10
            linked_maps: {shared: other/shared}
            variables: {slow_us: 500, name: abc, on: true, big: 18446744073709551615}
          - object: other.bpf.o
        streams:
          slow_requests: {map: slow, delivery: best-effort, to: [kafka, live], key: connection}
        inputs: {thresholds: {map: limits}}
        keep: [.bss, other/.data]
        metrics:
          - {map: latency_us, name: request_duration_seconds, help: Time., type: histogram, bucket_type: exp2,
             bucket_multiplier: 0.000001, labels: [{name: route, decoders: [{name: uint},
             {name: static_map, static_map: {0: users}}]}]}
          - {map: traffic, field: bytes, name: bytes_total, help: Bytes., type: counter}
        limits: {map_memory: 4MiB, max_steps: 100000, run_ns_p99: 20us, events_per_second: 2e6, max_faults: 7}
        """;

    @Test
    void shouldReadEveryKey() {
        var set = DescriptorReader.parse(COMPLETE, "set.yaml", FOLDER);

        assertThat(set.name()).isEqualTo("request-latency");
        assertThat(set.scope()).isEqualTo(CodeletSetDescriptor.Scope.CLUSTER);
        var codelet = set.codelets().getFirst();
        assertThat(codelet.object()).isEqualTo(FOLDER.resolve("latency.bpf.o"));
        assertThat(codelet.program()).contains("on_response");
        assertThat(codelet.name()).contains("latency");
        assertThat(codelet.hook()).contains("gateway/response_sent");
        assertThat(codelet.execution()).contains(Execution.INLINE);
        assertThat(codelet.executor()).isEqualTo(Executor.INTERPRETER);
        assertThat(codelet.priority()).isEqualTo(10);
        assertThat(codelet.variables())
                .containsEntry("slow_us", 500L)
                .containsEntry("name", "abc")
                .containsEntry("on", true)
                .containsEntry("big", new java.math.BigInteger("18446744073709551615"));
        assertThat(codelet.linkedMaps()).containsExactly(Map.entry("shared", "other/shared"));
        assertThat(set.inputs()).containsExactly(new CodeletSetDescriptor.Input("thresholds", "limits"));
        assertThat(set.keep()).containsExactly(".bss", "other/.data");
        assertThat(set.codelets().get(1).execution()).isEqualTo(Optional.empty());
        assertThat(set.streams())
                .containsExactly(new CodeletSetDescriptor.Stream(
                        "slow_requests",
                        "slow",
                        List.of("kafka", "live"),
                        "connection",
                        Delivery.BEST_EFFORT,
                        StreamRecords.DEFAULT));
        var histogram = set.metrics().getFirst();
        assertThat(histogram.type()).isEqualTo(MetricSpec.Type.HISTOGRAM);
        assertThat(histogram.multiplier()).isEqualTo(0.000001);
        assertThat(histogram.labels().getFirst().decoders())
                .containsExactly(new Decoder.Uint(), new Decoder.StaticMap(Map.of("0", "users"), false));
        assertThat(set.metrics().get(1).field()).isEqualTo("bytes");
        assertThat(set.limits().mapMemory()).isEqualTo(4 << 20);
        assertThat(set.limits().stepsOf(Execution.INLINE)).isEqualTo(100_000);
        assertThat(set.limits().runTimeP99()).hasValue(Duration.ofNanos(20_000));
        assertThat(set.limits().eventsPerSecond()).hasValue(2_000_000);
        assertThat(set.limits().maxFaults()).isEqualTo(7);
    }

    @Test
    void shouldHaveDefaultsForWhatIsNotGiven() {
        var set = DescriptorReader.parse("codeletset: s\ncodelets: [{object: a.o}]", "s.yaml", FOLDER);

        assertThat(set.limits()).isEqualTo(CodeletSetDescriptor.Limits.DEFAULT);
        assertThat(set.limits().mapMemory()).isEqualTo(64 << 20);
        assertThat(set.limits().stepsOf(Execution.INLINE)).isEqualTo(65_536);
        assertThat(set.limits().stepsOf(Execution.QUEUED)).isEqualTo(1_048_576);
        assertThat(set.codelets().getFirst().priority()).isZero();
        assertThat(set.codelets().getFirst().executor()).isEqualTo(Executor.JIT);
        assertThat(set.streams()).isEmpty();
    }

    @Test
    void shouldReportAllProblemsAtOnce() {
        assertThat(problemsOf("""
            codeletset: 'a b'
            codlets: []
            codelets:
              - {program: p, execution: later, executor: gpu, priority: high, colour: red}
              - {object: a.o, name: n, linked_maps: {m: n, k: 3}, variables: {v: [1]}}
              - text
            streams: {s: {to: kafka}}
            inputs: {'a b': {}}
            keep: [a b]
            wake: never
            metrics: [{name: m, help: h, map: m, type: counter, labels: [{name: l}]}]
            limits: {map_memory: lots, max_steps: 0, run_ns_p99: 5m, events_per_second: 0, max_faults: 0}
            """))
                .containsExactlyInAnyOrder(
                        "codeletset: `a b`, allowed is text of the form [a-zA-Z0-9_.-]{1,255}",
                        "codelets[2]: `text`, allowed is a mapping",
                        "codelets[0].object: missing, allowed is text of the form (?s).{1,4096}",
                        "codelets[0].execution: `later`, allowed is inline, queued",
                        "codelets[0].executor: `gpu`, allowed is interpreter, jit",
                        "codelets[0].priority: `high`, allowed is an integer from -2147483648 to 2147483647",
                        "codelets[0].colour: unknown key, allowed is execution, executor, hook, linked_maps, name,"
                                + " object, priority, program, variables",
                        "codelets[1].linked_maps.m: `n`, allowed is text of the form [a-zA-Z0-9_.-]+/[a-zA-Z0-9_.]+",
                        "codelets[1].linked_maps.k: `3`, allowed is text of the form [a-zA-Z0-9_.-]+/[a-zA-Z0-9_.]+",
                        "inputs: name `a b`, allowed is text of the form [a-zA-Z0-9_.-]{1,255}",
                        "inputs.a b.map: missing, allowed is text of the form ([a-zA-Z0-9_.-]+/)?[a-zA-Z0-9_.]+",
                        "keep: `a b`, allowed is text of the form ([a-zA-Z0-9_.-]+/)?[a-zA-Z0-9_.]+",
                        "codelets[1].variables.v: a list, allowed is a number, a text, true or false",
                        "codelets[1].name: given without `program`, allowed is one program when it is named",
                        "streams.s.map: missing, allowed is text of the form ([a-zA-Z0-9_.-]+/)?[a-zA-Z0-9_.]+",
                        "streams.s.to: `kafka`, allowed is a list",
                        "metrics[0].name: `m`, allowed is a counter's name that ends in `_total`",
                        "metrics[0].labels[0].decoders: no usable entry, allowed is at least one decoder",
                        "limits.map_memory: `lots`, allowed is a size such as 4096, 64KiB or 4MiB",
                        "limits.max_steps: `0`, allowed is an integer from 1 to 2147483647",
                        "limits.run_ns_p99: `5m`, allowed is a duration such as 500ns, 20us or 1ms",
                        "limits.events_per_second: `0`, allowed is a number above 0",
                        "limits.max_faults: `0`, allowed is an integer from 1 to 2147483647",
                        "codlets: unknown key, allowed is codelets, codeletset, inputs, keep, limits, metrics,"
                                + " scope, streams, wake",
                        "wake: `never`, allowed is immediate, timer");
    }

    private static MetricSpec metric(String keys) {
        return DescriptorReader.parse(
                        "codeletset: s\ncodelets: [{object: a.o}]\nmetrics: [{name: m, help: h, map: m, " + keys + "}]",
                        "s.yaml",
                        FOLDER)
                .metrics()
                .getFirst();
    }

    @Test
    void shouldReadBuckets() {
        assertThat(metric("type: histogram").buckets()).isEqualTo(Buckets.LOG2);
        assertThat(metric("type: histogram, bucket_type: exp2, bucket_min: 3, bucket_max: 26")
                        .buckets())
                .isEqualTo(new Buckets.Exp2(3, OptionalLong.of(26)));
        assertThat(metric("type: histogram, bucket_type: exp2zero, bucket_max: 26")
                        .buckets())
                .isEqualTo(new Buckets.Exp2Zero(OptionalLong.of(26)));
        assertThat(metric("type: histogram, bucket_type: linear, bucket_max: 100")
                        .buckets())
                .isEqualTo(new Buckets.Linear(0, OptionalLong.of(100)));
        assertThat(metric("type: histogram, bucket_type: fixed, bucket_keys: [1, 2.5, 10]")
                        .buckets())
                .isEqualTo(new Buckets.Fixed(List.of(1.0, 2.5, 10.0)));
    }

    @Test
    void shouldReadDecoders() {
        var labels = metric("type: gauge, labels: [{name: a, size: 4, padding: 4, decoders: [{name: inet_ip},"
                        + " {name: regexp, regexps: ['^10[.]']}, {name: static_map, static_map: {x: y},"
                        + " static_map_allow_unknown: true}]}, {name: b, decoders: [{name: int}]},"
                        + " {name: c, decoders: [{name: enum}]},"
                        + " {name: d, decoders: [{name: hook_names, hook: gateway/response_sent, field: route}]}]")
                .labels();
        assertThat(labels.getFirst().size()).hasValue(4);
        assertThat(labels.getFirst().decoders())
                .containsExactly(
                        new Decoder.InetIp(),
                        new Decoder.Regexp(List.of("^10[.]")),
                        new Decoder.StaticMap(Map.of("x", "y"), true));
        assertThat(labels.get(1).decoders()).containsExactly(new Decoder.Int());
        assertThat(labels.get(2).decoders()).containsExactly(new Decoder.EnumName());
        assertThat(labels.get(3).decoders()).containsExactly(new Decoder.HookNames("gateway/response_sent", "route"));
    }

    @Test
    void shouldRefuseBucketsAndDecodersThatSayNothing() {
        assertThat(problemsOf("""
            codeletset: s
            codelets: [{object: a.o}]
            metrics:
              - {name: a, help: h, map: m, type: histogram, bucket_type: fixed, bucket_keys: [1, 1]}
              - {name: b, help: h, map: m, type: histogram, bucket_type: exp2, bucket_min: 5, bucket_max: 4}
              - {name: c, help: h, map: m, type: gauge, labels: [{name: l, decoders: [{name: regexp}]}]}
              - {name: d, help: h, map: m, type: gauge, labels: [{name: l, decoders: [{name: ksym}]}]}
              - {name: e, help: h, map: m, type: gauge, flush_interval: 10s}
            """))
                .containsExactlyInAnyOrder(
                        "metrics[0].bucket_keys: a list, allowed is numbers, each greater than the one before",
                        "metrics[1].bucket_max: `4`, allowed is an integer from 5 to 63",
                        "metrics[2].labels[0].decoders[0].regexps: no entry, allowed is at least one expression",
                        "metrics[3].labels[0].decoders[0].name: `ksym` is not supported by this version, allowed is"
                                + " enum, hex, hook_names, inet_ip, int, regexp, static_map, string, uint",
                        "metrics[4].flush_interval: a map is never cleared, only read at each scrape: remove the key",
                        "metrics[3].labels[0].decoders: no usable entry, allowed is at least one decoder");
    }

    @Test
    void shouldReadWhatRecordsAreOwed() {
        var set = DescriptorReader.parse("""
            codeletset: s
            codelets: [{object: a.o}]
            streams:
              a: {map: a}
              b: {map: b, delivery: at-least-once}
              c: {map: c, delivery: at-least-once, spool: {max_bytes: 1GiB, max_delay: 5ms, fsync: true}}
            """, "test", Path.of("/sets"));
        assertThat(set.streams())
                .extracting(Stream::delivery)
                .containsExactly(
                        Delivery.BEST_EFFORT,
                        AtLeastOnce.DEFAULT,
                        new AtLeastOnce(1L << 30, Duration.ofMillis(5), true));
        assertThat(problemsOf("""
            codeletset: s
            codelets: [{object: a.o}]
            streams:
              a: {map: a, delivery: exactly-once}
              b: {map: b, spool: {max_bytes: 1MiB}}
              c: {map: c, delivery: at-least-once, spool: {max_bytes: 1KiB, max_age: 1s}}
              d: {map: d, delivery: at-least-once, spool: {max_delay: 11s}}
            """))
                .containsExactlyInAnyOrder(
                        "streams.a.delivery: `exactly-once`, allowed is at-least-once, best-effort",
                        "streams.b.spool: only for `delivery: at-least-once`",
                        "streams.c.spool.max_bytes: 1024, allowed is at least 65536",
                        "streams.c.spool.max_age: unknown key, allowed is fsync, max_bytes, max_delay",
                        "streams.d.spool.max_delay: PT11S, allowed is 1ms to 10s");
    }

    @Test
    void shouldReadWhatRecordsAre() {
        var set = DescriptorReader.parse("""
            codeletset: s
            codelets: [{object: a.o}]
            streams:
              files: {map: m, format: protobuf, kind: {field: kind, types: {16: struct b, EVENT_A: union a, -1: t}}}
              raw: {map: n, format: raw, type: struct b}
            """, "s.yaml", FOLDER);
        var files = set.streams().getFirst().records();
        assertThat(files.format()).isEqualTo(StreamFormat.PROTOBUF);
        assertThat(files.kinds().orElseThrow().field()).isEqualTo("kind");
        assertThat(files.kinds().orElseThrow().types())
                .containsExactly(Map.entry("16", "struct b"), Map.entry("EVENT_A", "union a"), Map.entry("-1", "t"));
        assertThat(set.streams().get(1).records())
                .isEqualTo(new StreamRecords(StreamFormat.RAW, Optional.of("struct b"), Optional.empty()));
    }

    @Test
    void shouldRefuseRecordsThatMakeNoSense() {
        assertThat(problemsOf("""
            codeletset: s
            codelets: [{object: a.o}]
            streams:
              a: {map: m, format: xml, type: struct a b}
              b: {map: m, type: struct b, kind: {field: kind, types: {1: struct b}}}
              c: {map: m, kind: {field: a.b, types: {"1 2": struct b, 3: [x]}, other: 1}}
              d: {map: m, kind: {field: kind}}
            """))
                .containsExactlyInAnyOrder(
                        "streams.a.format: `xml`, allowed is json, protobuf, raw",
                        "streams.a.type: `struct a b`, allowed is text of the form"
                                + " ((struct|union) )?[a-zA-Z_][a-zA-Z0-9_]{0,254}",
                        "streams.b.type: given beside `kind`, allowed is one of them",
                        "streams.c.kind.field: `a.b`, allowed is text of the form [a-zA-Z_][a-zA-Z0-9_]{0,254}",
                        "streams.c.kind.types: key `1 2`, allowed is a number or the name of an enumerator",
                        "streams.c.kind.types.3: a list, allowed is text of the form"
                                + " ((struct|union) )?[a-zA-Z_][a-zA-Z0-9_]{0,254}",
                        "streams.c.kind.other: unknown key, allowed is field, types",
                        "streams.d.kind.types: no entry, allowed is at least one");
    }

    @Test
    void shouldRefuseDocumentsThatAreNotYaml() {
        assertThat(problemsOf("a: [1")).singleElement().asString().startsWith("document: not YAML 1.2, ");
        assertThat(problemsOf("a: 1\na: 2")).singleElement().asString().contains("duplicate key");
        assertThat(problemsOf("")).containsExactly("document: nothing, allowed is a mapping");
    }

    @Test
    void shouldBoundSizeNestingAndAliases() {
        assertThat(problemsOf("#" + "x".repeat(1 << 20)))
                .singleElement()
                .asString()
                .contains("at most 1048576");
        assertThat(problemsOf("a: " + "[".repeat(100_000) + "]".repeat(100_000)))
                .hasSize(1);
        assertThat(problemsOf("a: " + "[".repeat(40) + "]".repeat(40)))
                .containsExactly("document: nested too deeply, allowed is 32 levels");
        String aliases = "a: &a [1]\nb: [" + "*a, ".repeat(60) + "1]";
        assertThat(problemsOf(aliases)).singleElement().asString().contains("aliases");
    }

    @Test
    void shouldNameAFileThatCannotBeRead() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> DescriptorReader.read(Path.of("no-such-file.yaml")))
                .withMessageContaining("no-such-file.yaml: cannot be read: no such file");
    }

    @Test
    void shouldCheckRuntimeSettings() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new RuntimeSettings(0, 5000, 16, 2048, RuntimeSettings.Wake.TIMER))
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "cores: 0, allowed is 1 to 1024",
                                "ring_bytes: 5000, allowed is a power of two",
                                "payload_max: 2048, allowed is 0 to 625"));
        assertThat(RuntimeSettings.ofCores(8).inlineSlots()).isEqualTo(32);
        assertThat(RuntimeSettings.ofCores(1).inlineSlots()).isEqualTo(16);
        assertThat(RuntimeSettings.ofCores(1).withRingBytes(4096).payloadMax()).isEqualTo(512);
    }

    private static List<String> problemsOf(String yaml) {
        try {
            DescriptorReader.parse(yaml, "set.yaml", FOLDER);
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }
}
