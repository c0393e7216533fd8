package io.vertebra.verticles;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertebra.config.CodeletSetDescriptor.Scope;
import io.vertebra.config.ConfigException;
import io.vertebra.config.LiveSettings;
import io.vertebra.config.Role;
import io.vertebra.connectors.metrics.TypedEntries;
import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.admission.Admission;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.InputChannel;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.OpenSet;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.vm.helper.BoundHelpers;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Codelets inside this JVM, with their output streamed: the entry point for applications. Thread-safe; no method may be
 * called on an event loop of Vertebra's own.
 *
 * <pre>{@code
 * try (Vertebra v = Vertebra.start(VertebraConfig.defaults())) {
 *     CodeletSet set = v.load(Path.of("request-latency.yaml"));
 *     v.stream("slow_requests").subscribe(batch -> ...);
 * }
 * }</pre>
 */
public final class Vertebra implements AutoCloseable {

    private final Supplier<Duration> closeDeadline;
    private final CodeletRuntime runtime;
    private final Outputs outputs;
    private final Deployment deployment;

    private Vertebra(Supplier<Duration> closeDeadline, CodeletRuntime runtime, Outputs outputs, Deployment deployment) {
        this.closeDeadline = closeDeadline;
        this.runtime = runtime;
        this.outputs = outputs;
        this.deployment = deployment;
    }

    /**
     * Starts cores, connectors and the HTTP port.
     *
     * @throws StartException when the port is in use, a connector does not start, or a key or a token file cannot be used; nothing is left running
     */
    public static Vertebra start(VertebraConfig config) throws StartException {
        return start(config, Optional.empty());
    }

    /**
     * As {@link #start(VertebraConfig)}, with settings that are read again when somebody asks for it at the HTTP port. Their
     * codelet sets are the caller's to load.
     *
     * @throws StartException as above
     */
    public static Vertebra start(LiveSettings settings) throws StartException {
        return start(VertebraConfig.of(settings.current().settings()), Optional.of(settings));
    }

    private static Vertebra start(VertebraConfig config, Optional<LiveSettings> settings) throws StartException {
        var runtime = CodeletRuntime.start(config.runtime());
        var outputs = new Outputs(config, runtime);
        try {
            runtime.admission(Admission.of(config.admission()));
            var deployment = Deployment.start(config, settings, runtime, outputs);
            Supplier<Duration> deadline = settings.<Supplier<Duration>>map(
                            live -> () -> live.current().settings().outputs().closeDeadline())
                    .orElse(() -> config.outputs().closeDeadline());
            return new Vertebra(deadline, runtime, outputs, deployment);
        } catch (ConfigException e) {
            runtime.close(Duration.ZERO);
            throw new StartException(e.getMessage(), e);
        } catch (StartException | RuntimeException e) {
            runtime.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Gives codelets the methods of a public interface as helpers; those that are loaded later can call them.
     *
     * @return prototypes for the verifier and declarations for C
     * @throws IllegalArgumentException naming all that is wrong with the interface, or both helpers that have the same
     *     number or name
     */
    public <T> BoundHelpers helpers(Class<T> group, T implementation) {
        return helpers(MethodHandles.publicLookup(), group, implementation);
    }

    /**
     * As {@link #helpers(Class, Object)}, for an interface that is not public.
     *
     * @param lookup of a class that may call the interface's methods
     */
    public <T> BoundHelpers helpers(MethodHandles.Lookup lookup, Class<T> group, T implementation) {
        return runtime.helpers(lookup, group, implementation);
    }

    /**
     * Reads, verifies and attaches a codelet set, whole or not at all.
     *
     * @throws LoadException with the stage, a sentence, and the verifier's report when it rejected a program
     */
    public CodeletSet load(Path descriptor) throws LoadException {
        return open(descriptor).load();
    }

    /**
     * As {@link #load}, for a set that belongs to this application's start: nothing happens when it is of scope cluster and
     * the fleet has decided about it already, so that a member that starts again brings no old version back.
     *
     * @return the set, when it is loaded here now
     */
    public Optional<CodeletSet> loadAtStart(Path descriptor) throws LoadException {
        var opened = open(descriptor);
        var set = opened.descriptor();
        if (set.scope() == Scope.CLUSTER && deployment.fleetKnows(set.name())) {
            return runtime.set(set.name());
        }
        return Optional.of(opened.load());
    }

    /**
     * Reads a codelet set, so that its variables can be set before it is loaded.
     *
     * @throws LoadException when the descriptor or an object cannot be used
     */
    public OpenSet open(Path descriptor) throws LoadException {
        return runtime.open(descriptor);
    }

    /**
     * The entries of a map, typed by BTF.
     *
     * @param path {@code set/map} or {@code set/codelet/map}
     * @throws IllegalArgumentException when there is none; names the known ones
     */
    public TypedEntries map(String path) {
        return new TypedEntries(runtime.map(path));
    }

    /**
     * A way into a codelet set.
     *
     * @throws IllegalArgumentException when no set has an input of that name; names the known ones
     */
    public InputChannel input(String name) {
        return runtime.input(name);
    }

    /** A stream by name; its codelet set may be loaded later. */
    public Stream stream(String name) {
        return new Stream(name);
    }

    /** One stream of records. */
    public final class Stream {
        private final String name;

        private Stream(String name) {
            this.name = name;
        }

        /**
         * Calls a consumer with every batch from now on, one at a time, on a virtual thread. Batches wait in a bounded queue;
         * the subscription is a connector of its own in {@link Vertebra#outputAccounts}.
         *
         * @return ends the subscription
         */
        public Subscription subscribe(Consumer<OutputBatch> consumer) {
            return deployment.subscribe(name, consumer);
        }
    }

    /** Ends a subscription, after the batches that wait for it. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** The runtime itself: sets, hooks, cores. */
    public CodeletRuntime runtime() {
        return runtime;
    }

    /** The meters that {@code /metrics} shows beside Vertebra's own; the application may add its meters. */
    public MeterRegistry metricsRegistry() {
        return outputs.registry();
    }

    /** Where the HTTP port is: {@code http://HOST:PORT}, or https. */
    public String url() {
        return deployment.url();
    }

    /**
     * The live page's address, with a token that may read in its fragment where reading needs one: for people, never for a
     * log. Browsers send no fragment to the server.
     */
    public String pageUrl() {
        return deployment.pageUrl();
    }

    /** The HTTP port that is listened on. */
    public int port() {
        return deployment.port();
    }

    /**
     * The bearer token of this start that gives a role at the HTTP port; the run file has it too.
     *
     * @param role {@code viewer}, {@code operator} or {@code author}
     * @throws IllegalArgumentException when there is no such role, or the token file has none for it
     */
    public String token(String role) {
        return Optional.ofNullable(Role.BY_LABEL.get(role))
                .flatMap(deployment.tokens()::of)
                .orElseThrow(() -> new IllegalArgumentException("role `" + role + "`: it has no token"));
    }

    /** Addresses and codec of the event bus that carries batches. */
    public OutputBus bus() {
        return deployment.bus();
    }

    /** What became of each event; final after {@link #close}. */
    public List<AttachmentAccount> accounts() {
        return runtime.accounts();
    }

    /** What became of each record, at each place it goes to; final after {@link #close}. */
    public List<OutputAccount> outputAccounts() {
        return outputs.accounts();
    }

    /**
     * Detaches codelets, drains rings and outputs, lets connectors deliver what they have, for as long as {@link
     * VertebraConfig#outputs} allows, and counts the rest as {@code stopped}. Idempotent.
     */
    @Override
    public void close() {
        deployment.close(runtime, closeDeadline.get());
    }
}
