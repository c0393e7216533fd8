package io.vertebra.examples.gateway;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The whole example in one process: two backends, the gateway, and the clients that drive it, on a Vertx of its own, as
 * an application would have. It knows nothing of codelets except its hooks.
 */
public final class GatewayApplication implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Vertx vertx;
    private final Gateway gateway;
    private final Traffic traffic;

    private GatewayApplication(Vertx vertx, Gateway gateway, Traffic traffic) {
        this.vertx = vertx;
        this.gateway = gateway;
        this.traffic = traffic;
    }

    /** Starts backends and gateway; requests flow after {@link #drive}. */
    public static GatewayApplication start() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var ports = List.of(
                    new Backend(vertx, false).start().await(PATIENCE_SECONDS, TimeUnit.SECONDS),
                    new Backend(vertx, true).start().await(PATIENCE_SECONDS, TimeUnit.SECONDS));
            var gateway = new Gateway(ports);
            vertx.deployVerticle(gateway).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return new GatewayApplication(vertx, gateway, new Traffic(gateway.port()));
        } catch (Exception e) {
            vertx.close();
            throw e;
        }
    }

    /** Lets the clients send requests until {@link #quieten}. */
    public void drive() {
        vertx.deployVerticle(traffic).await();
    }

    /** The descriptor of the codelet set that watches the gateway. */
    public static Path watching() {
        return resource("gateway.yaml");
    }

    /** The descriptor of the codelet set that steers the gateway. */
    public static Path steering() {
        return resource("steering.yaml");
    }

    /** A file of the folder {@code examples/gateway}, which is beside the classes or in the same jar. */
    private static Path resource(String name) {
        try {
            var uri = GatewayApplication.class.getResource("/gateway/" + name).toURI();
            if (uri.getScheme().equals("jar") && !jarIsOpen(uri)) {
                FileSystems.newFileSystem(uri, Map.of());
            }
            return Path.of(uri);
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("example file `" + name + "` cannot be read", e);
        }
    }

    private static boolean jarIsOpen(URI uri) {
        try {
            return FileSystems.getFileSystem(uri).isOpen();
        } catch (FileSystemNotFoundException _) {
            return false;
        }
    }

    /** The gateway's HTTP port on the loopback interface. */
    public int port() {
        return gateway.port();
    }

    /** Requests that were answered, with whatever status. */
    public long answered() {
        return traffic.answered();
    }

    /** Requests that got no answer. */
    public long failed() {
        return traffic.failed();
    }

    /** Whether any client still waits for an answer. */
    public boolean busy() {
        return traffic.busy();
    }

    /** No further requests are sent; those under way are still answered. */
    public void quieten() {
        traffic.quieten();
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
