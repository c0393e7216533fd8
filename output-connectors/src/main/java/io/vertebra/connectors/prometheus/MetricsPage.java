package io.vertebra.connectors.prometheus;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Everything in a Prometheus registry in the format that a client accepts. Thread-safe. */
public final class MetricsPage {

    private final PrometheusMeterRegistry registry;
    private final ExpositionFormats formats = ExpositionFormats.init();

    /** The page of a registry. */
    public MetricsPage(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * One answer to a scrape.
     *
     * @param contentType names the format
     * @param body the metrics in it
     */
    public record Scrape(String contentType, byte[] body) {}

    /**
     * Reads all metrics; takes as long as there are series, so not for an event loop.
     *
     * @param accept the request's {@code Accept} header, null when it has none
     */
    public Scrape scrape(String accept) {
        var writer = formats.findWriter(accept);
        var body = new ByteArrayOutputStream();
        try {
            writer.write(body, registry.getPrometheusRegistry().scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return new Scrape(writer.getContentType(), body.toByteArray());
    }
}
