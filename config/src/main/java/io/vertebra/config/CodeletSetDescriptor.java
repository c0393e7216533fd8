package io.vertebra.config;

import io.vertebra.config.RuntimeSettings.Wake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A codelet set as its YAML file describes it: what to load, where its records go, which maps are metrics. Made by
 * {@link DescriptorReader}; nothing in it has been looked up yet. Immutable.
 *
 * @param name the set's name, {@code [a-zA-Z0-9_.-]+}
 * @param scope where it is loaded
 * @param codelets at least one
 * @param streams where ring buffer records go
 * @param inputs maps that records are sent into from outside
 * @param keep global data, for example {@code .bss}, that a replacing set takes over as other maps
 * @param metrics maps shown as metrics
 * @param limits what the set may use
 * @param wake what its events and records do when they find a core asleep; empty for the runtime's policy
 */
public record CodeletSetDescriptor(
        String name,
        Scope scope,
        List<Codelet> codelets,
        List<Stream> streams,
        List<Input> inputs,
        List<String> keep,
        List<MetricSpec> metrics,
        Limits limits,
        Optional<Wake> wake) {

    /** Makes the lists immutable. */
    public CodeletSetDescriptor {
        codelets = List.copyOf(codelets);
        streams = List.copyOf(streams);
        inputs = List.copyOf(inputs);
        keep = List.copyOf(keep);
        metrics = List.copyOf(metrics);
    }

    /** This descriptor with other metrics. */
    public CodeletSetDescriptor withMetrics(List<MetricSpec> others) {
        return new CodeletSetDescriptor(name, scope, codelets, streams, inputs, keep, others, limits, wake);
    }

    /** Where a set is loaded. */
    public enum Scope {
        /** In the Vertebra that is asked. */
        MEMBER,
        /** In every member of its fleet, also those that join later. Without a fleet it is as {@link #MEMBER}. */
        CLUSTER
    }

    /** When an event's codelet runs. */
    public enum Execution {
        /** Later, on the core that the event's key or thread belongs to. */
        QUEUED,
        /** At once, in the firing thread. */
        INLINE
    }

    /** Who executes a codelet. */
    public enum Executor {
        /** Compiled to JVM bytecode. */
        JIT,
        /** Instruction by instruction, for comparison. */
        INTERPRETER
    }

    /**
     * One entry of {@code codelets}.
     *
     * @param object the object file, already resolved against the descriptor's folder
     * @param program the one program to load; empty for all programs of the object
     * @param name the codelet's name; empty for the program's name
     * @param hook {@code group/name}; empty to take it from the program's section
     * @param execution empty for the hook's own default: inline for control hooks, else queued
     * @param executor who executes it; default JIT
     * @param priority higher runs first; default 0
     * @param linkedMaps by the name of a map of this object: the map of another codelet, {@code codelet/map}, that takes
     *     its place
     * @param variables values for global variables: Long, BigInteger, Double, Boolean or String
     * @param runtimeThreshold how long a run of a codelet of jbpf's ABI should take, for the helper by which it can ask; 0
     *     for any time
     */
    public record Codelet(
            Path object,
            Optional<String> program,
            Optional<String> name,
            Optional<String> hook,
            Optional<Execution> execution,
            Executor executor,
            int priority,
            Map<String, String> linkedMaps,
            Map<String, Object> variables,
            Duration runtimeThreshold) {

        /** Makes the maps immutable. */
        public Codelet {
            linkedMaps = Map.copyOf(linkedMaps);
            variables = Map.copyOf(variables);
        }
    }

    /**
     * One entry of {@code streams}.
     *
     * @param name unique in the runtime
     * @param map a ring buffer of the set
     * @param to connector names; empty means every running connector
     * @param key the record field that becomes the Kafka key; empty for none
     * @param delivery what its records are owed
     * @param records what its records are and how they are written
     */
    public record Stream(
            String name, String map, List<String> to, String key, Delivery delivery, StreamRecords records) {

        /** Makes the list immutable. */
        public Stream {
            to = List.copyOf(to);
        }

        /** The stream of a map that nothing is said of: to every running connector, best effort, as JSON. */
        public static Stream of(String name, String map) {
            return new Stream(name, map, List.of(), "", Delivery.BEST_EFFORT, StreamRecords.DEFAULT);
        }
    }

    /**
     * One entry of {@code inputs}.
     *
     * @param name unique in the runtime
     * @param map a queue of the set
     */
    public record Input(String name, String map) {}

    /**
     * The section {@code limits}.
     *
     * @param mapMemory bytes that the set's maps may take together
     * @param maxSteps instructions that one run may execute; empty for the default of its execution
     * @param eventsPerSecond events that the set's codelets are given together in a second, above 0; more are dropped. An
     *     event that two of them get counts twice. Empty for any number
     * @param runTimeP99 how long 99 of 100 runs of each codelet may take: one that takes longer is detached. Empty for
     *     any time
     * @param maxFaults faulted runs of one codelet within 10 seconds, at least 1, with which it is detached
     */
    public record Limits(
            long mapMemory,
            OptionalLong maxSteps,
            OptionalDouble eventsPerSecond,
            Optional<Duration> runTimeP99,
            long maxFaults) {

        /** Map memory of a set that states none: 64 MiB. */
        public static final long DEFAULT_MAP_MEMORY = 64L << 20;

        /** Faults of a codelet of a set that states none: 100 in 10 seconds. */
        public static final long DEFAULT_MAX_FAULTS = 100;

        private static final long INLINE_STEPS = 65_536;
        private static final long QUEUED_STEPS = 1_048_576;

        /** The limits of a descriptor without the section. */
        public static final Limits DEFAULT = new Limits(
                DEFAULT_MAP_MEMORY, OptionalLong.empty(), OptionalDouble.empty(), Optional.empty(), DEFAULT_MAX_FAULTS);

        /** The step limit of an execution: 65,536 inline and 1,048,576 queued unless stated. */
        public long stepsOf(Execution execution) {
            return maxSteps.orElse(
                    switch (execution) {
                        case INLINE -> INLINE_STEPS;
                        case QUEUED -> QUEUED_STEPS;
                    });
        }
    }
}
