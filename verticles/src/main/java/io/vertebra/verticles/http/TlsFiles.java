package io.vertebra.verticles.http;

import io.vertebra.config.TlsSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Keeps a server's TLS as its files are. New files are used for new connections, open ones go on; files that cannot be used
 * are told of and change nothing. Everything but {@link #certificateEnd} runs on the event loop that opened it.
 */
public final class TlsFiles {

    /** Certificate and key are replaced one after the other: what does not fit is told of when it stays so. */
    private static final int LOOKS_UNTIL_TOLD = 2;

    private final Vertx vertx;
    private final TlsSettings settings;
    private final BiConsumer<String, String> told;
    private volatile ServerTls current;
    private volatile Instant certificateEnd = Instant.MAX;
    private Future<?> looking = Future.succeededFuture();
    private long timer;
    private boolean closed;
    private int failures;

    /**
     * What a look at the files gave.
     *
     * @param options what the server is given
     */
    private record Found(ServerTls files, ServerSSLOptions options) {}

    /**
     * Files that have not been read yet.
     *
     * @param told gets {@code certificate_changed} or {@code certificate_refused} and a sentence
     */
    public TlsFiles(Vertx vertx, TlsSettings settings, BiConsumer<String, String> told) {
        this.vertx = vertx;
        this.settings = settings;
        this.told = told;
    }

    /** Reads the files for the first time; fails when they cannot be used. */
    public Future<ServerSSLOptions> open() {
        return look().map(found -> use(found.orElseThrow()));
    }

    /** From now on, looks at the files again and again. */
    public void keep(HttpServer server) {
        timer = vertx.setTimer(settings.checkEvery().toMillis(), _ -> {
            looking = look().compose(found -> update(server, found));
            looking.onComplete(_ -> failures = 0, this::tellOfFailure).onComplete(_ -> {
                if (!closed) {
                    keep(server);
                }
            });
        });
    }

    /** Looks no more; completes when the last look has ended. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        return looking.<Void>mapEmpty().otherwiseEmpty();
    }

    /** When the certificate in use ends. Any thread. */
    public Instant certificateEnd() {
        return certificateEnd;
    }

    private Future<Optional<Found>> look() {
        return vertx.executeBlocking(() -> {
            var files = ServerTls.read(settings);
            return files.equals(current) ? Optional.empty() : Optional.of(new Found(files, files.options(vertx)));
        });
    }

    private Future<?> update(HttpServer server, Optional<Found> found) {
        return found.isEmpty()
                ? Future.succeededFuture()
                : server.updateSSLOptions(found.get().options(), true).onSuccess(_ -> {
                    use(found.get());
                    told.accept("certificate_changed", "TLS uses the files' new content, until " + certificateEnd);
                });
    }

    private ServerSSLOptions use(Found found) {
        current = found.files();
        certificateEnd = found.files().notAfter();
        return found.options();
    }

    private void tellOfFailure(Throwable failure) {
        if (++failures == LOOKS_UNTIL_TOLD) {
            told.accept("certificate_refused", failure.getMessage() + "; TLS goes on with what it has");
        }
    }
}
