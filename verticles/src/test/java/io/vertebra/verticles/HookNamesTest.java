package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.runtime.codelet.LoadException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From {@code @Names} on a hook's parameter to the label in {@code /metrics}. */
@Timeout(60)
class HookNamesTest {

    @TempDir
    Path folder;

    private Vertebra vertebra;

    @BeforeEach
    void start() throws Exception {
        Files.copy(Gateway.DESCRIPTOR.resolveSibling("gateway.bpf.o"), folder.resolve("gateway.bpf.o"));
        vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0));
    }

    @AfterEach
    void stop() {
        vertebra.close();
    }

    @Test
    void shouldShowTheNamesThatAHookDeclares() throws Exception {
        vertebra.load(descriptor("hook: gateway/response_sent, field: route"));
        Gateway.exchanges(0, 12);
        Gateway.settle(vertebra);
        assertThat(metrics().filter(line -> line.startsWith("responses_total")))
                .containsExactlyInAnyOrder(
                        "responses_total{route=\"users\"} 3.0",
                        "responses_total{route=\"orders\"} 3.0",
                        "responses_total{route=\"unknown:2\"} 3.0",
                        "responses_total{route=\"unknown:3\"} 3.0");
    }

    @Test
    void shouldRefuseNamesThatNoHookDeclares() throws Exception {
        assertRefused(
                "hook: gateway/nope, field: route",
                "no hook `gateway/nope` in this process; `vertebra hook list` shows those that there are");
        assertRefused(
                "hook: gateway/response_sent, field: nope",
                "hook `gateway/response_sent` has no field `nope`, it has connection, route, backend, status, bytes");
        assertRefused(
                "hook: gateway/response_sent, field: status",
                "field `status` of hook `gateway/response_sent` has no names; in " + GatewayHooks.class.getName()
                        + ".responseSent, an enum type or @Names gives them");
    }

    private void assertRefused(String names, String reason) throws IOException {
        var descriptor = descriptor(names);
        assertThatThrownBy(() -> vertebra.load(descriptor))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("metric `responses_total`: label `route`: hook_names: " + reason);
    }

    private Path descriptor(String names) throws IOException {
        return Files.writeString(folder.resolve("named.yaml"), """
            codeletset: named
            codelets:
              - object: gateway.bpf.o
            metrics:
              - map: traffic
                field: responses
                name: responses_total
                help: Responses.
                type: counter
                labels: [{name: route, decoders: [{name: hook_names, %s}]}]
            """.formatted(names));
    }

    private Stream<String> metrics() throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + vertebra.port() + "/metrics");
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body()
                    .lines();
        }
    }
}
