package io.vertebra.verticles;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Stream;
import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.connectors.format.RecordFormat;
import io.vertebra.connectors.live.CloseCause;
import io.vertebra.connectors.live.LiveHub;
import io.vertebra.connectors.prometheus.DeclaredMetrics;
import io.vertebra.connectors.prometheus.MetricsPage;
import io.vertebra.connectors.prometheus.RuntimeMetrics;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.QueueState;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.SetListener;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.verticles.api.RuntimeView;
import io.vertebra.vm.map.BpfMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What is known of the outputs: metrics, and the accounts of every place that records go to. Thread-safe. */
final class Outputs implements SetListener {

    private static final Logger LOG = LoggerFactory.getLogger(Outputs.class);

    private final CodeletRuntime runtime;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DeclaredMetrics declared;
    private final RuntimeView view;
    private final List<ConnectorLink> links = new CopyOnWriteArrayList<>();
    private volatile LiveHub hub;

    Outputs(VertebraConfig config, CodeletRuntime runtime) {
        this.runtime = runtime;
        this.declared = new DeclaredMetrics(
                config.outputs().maxSeries(),
                () -> runtime.sets().stream().map(CodeletSet::name).collect(Collectors.toSet()));
        this.view = new RuntimeView(runtime, declared, this::accounts, this::queues, Source.name());
        registry.getPrometheusRegistry().register(declared);
        registry.getPrometheusRegistry().register(new RuntimeMetrics(view));
        runtime.listen(this);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Shows when the certificate of the HTTP port ends. */
    void certificate(Supplier<Instant> end) {
        Gauge.builder("vertebra.tls.certificate.end", () -> end.get().getEpochSecond())
                .description("When the certificate of the HTTP port ends, in Unix time.")
                .baseUnit("seconds")
                .register(registry);
    }

    MetricsPage page() {
        return new MetricsPage(registry);
    }

    RuntimeView view() {
        return view;
    }

    void add(ConnectorLink link) {
        links.add(link);
    }

    List<ConnectorLink> links() {
        return links;
    }

    void live(LiveHub live) {
        hub = live;
        Gauge.builder("vertebra.live.clients", live, its -> its.clients().connected())
                .description("Clients of the live view.")
                .register(registry);
        for (var cause : CloseCause.values()) {
            FunctionCounter.builder(
                            "vertebra.live.clients.closed",
                            live,
                            its -> its.clients().closed().getOrDefault(cause, 0L))
                    .tag("cause", cause.label())
                    .description("Connections of the live view's clients that were closed, by cause.")
                    .register(registry);
        }
    }

    /** The streams' own accounts, then each connector's. */
    List<OutputAccount> accounts() {
        var accounts = new ArrayList<>(runtime.streamAccounts());
        links.forEach(link -> accounts.addAll(link.accounts()));
        if (hub != null) {
            accounts.addAll(hub.accounts());
        }
        return accounts;
    }

    /** What waits in front of each connector. */
    List<QueueState> queues() {
        return links.stream().map(ConnectorLink::state).toList();
    }

    /** A set whose metrics cannot be shown, or whose records cannot be written, is refused. */
    @Override
    public void ready(CodeletSetDescriptor descriptor, Function<String, BpfMap> map) throws LoadException {
        for (var stream : descriptor.streams()) {
            requireKept(stream);
        }
        try {
            declared.check(descriptor.name(), descriptor.metrics(), map);
            for (var stream : descriptor.streams()) {
                RecordFormat.requireLibrary(stream.name(), stream.records().format());
            }
        } catch (ConnectorException e) {
            throw new LoadException(
                    LoadException.Stage.RESOURCES, "codelet set `" + descriptor.name() + "`: " + e.getMessage(), e);
        }
    }

    /** Shows the metrics of a set, and says which of its streams name a connector that does not run. */
    @Override
    public void changed(CodeletSet set, Change change) {
        if (change == Change.LOADED || change == Change.REPLACED) {
            declared.add(
                    set.name(),
                    set.descriptor().metrics(),
                    name -> set.map(name).orElseThrow());
            set.streams().forEach(this::warnOfAbsent);
        }
    }

    /** Nobody should believe that records are kept which are not. */
    private void requireKept(Stream stream) throws LoadException {
        if (stream.delivery() instanceof AtLeastOnce && links.stream().noneMatch(link -> link.keeps(stream.to()))) {
            throw new LoadException(
                    LoadException.Stage.RESOURCES,
                    "stream `" + stream.name() + "`: nothing that runs can deliver it at least once: start with a"
                            + " spool (outputs.spool) and a connector that keeps records (kafka, log)"
                            + " among those that it goes to, or use `delivery: best-effort`");
        }
    }

    private void warnOfAbsent(StreamDescriptor stream) {
        for (var name : stream.connectors()) {
            if (links.stream().noneMatch(link -> link.name().equals(name))) {
                var message = "stream `{}` names connector `{}`, which is not running: no record goes there";
                // a kind that was not asked for is a choice, a name that nothing has is a mistake
                LOG.atLevel(Connectors.isKind(name) ? Level.INFO : Level.WARN).log(message, stream.name(), name);
            }
        }
    }
}
