package io.vertebra.cli.doctor;

import io.vertebra.config.ConfigException;
import io.vertebra.config.DescriptorReader;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.KafkaSettings;
import io.vertebra.config.ServerSettings;
import io.vertebra.connectors.kafka.BrokerCheck;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.verticles.http.RunFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the settings name: the port, the run file, codelet sets, brokers, room for uploads. */
final class ServerChecks {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private ServerChecks() {}

    /** Whether the port is free, or a Vertebra's. */
    static Finding port(HttpSettings http) {
        var place = http.host() + ":" + http.port();
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(http.host()), http.port()));
            return Finding.ok("port", place + " is free");
        } catch (IOException e) {
            if (isVertebra(http)) {
                return Finding.ok("port", "a Vertebra runs at " + place);
            }
            return Finding.fail(
                    "port",
                    place + " cannot be listened on, " + e.getMessage(),
                    "stop what listens there, or choose another http.port");
        }
    }

    private static boolean isVertebra(HttpSettings http) {
        var host = http.host().contains(":") ? "[" + http.host() + "]" : http.host();
        var request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + http.port() + "/api/v1/openapi.json"))
                .timeout(PATIENCE)
                .build();
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200
                    && new JsonObject(answer.body())
                            .getJsonObject("info", new JsonObject())
                            .getString("title", "")
                            .equals("Vertebra");
        } catch (IOException | RuntimeException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether the token of a running Vertebra can be read, and by its owner only. */
    static Finding runFile(HttpSettings http) {
        var file = RunFile.path(http.runFolder(), http.port());
        var token = System.getenv("VERTEBRA_TOKEN");
        if (token != null && !token.isBlank()) {
            return Finding.ok("token", "VERTEBRA_TOKEN is set, " + token.length() + " characters");
        }
        try {
            if (!Files.exists(file)) {
                return folder(http.runFolder());
            }
            var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!mode.endsWith("------")) {
                return Finding.fail(
                        "token", "run file " + file + " has mode " + mode, "others can read it: chmod 600 " + file);
            }
            var content = new JsonObject(Files.readString(file));
            boolean alive = ProcessHandle.of(content.getLong("pid", -1L)).isPresent();
            if (RunFile.token(http.runFolder(), URI.create(content.getString("url", "")))
                    .isEmpty()) {
                return Finding.fail("token", "run file " + file + " has none of role author", "start Vertebra again");
            }
            return alive
                    ? Finding.ok("token", "run file " + file + ", mode 600, of process " + content.getLong("pid"))
                    : Finding.warn("token", "run file " + file + " is of a process that has gone", "delete it");
        } catch (IOException | RuntimeException e) {
            return Finding.fail("token", "run file " + file + ": " + e.getMessage(), "start Vertebra as this user");
        }
    }

    /** Whether a start could write a run file. */
    private static Finding folder(Path folder) throws IOException {
        var existing = folder.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isWritable(existing)) {
            return Finding.fail(
                    "token", "run folder " + folder + " cannot be written", "choose another http.run_folder");
        }
        if (existing.equals(folder.toAbsolutePath())) {
            var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(existing));
            if (mode.charAt(4) == 'w' || mode.charAt(7) == 'w') {
                return Finding.fail(
                        "token", "others may write to run folder " + folder + " (" + mode + ")", "chmod 700 " + folder);
            }
        }
        return Finding.ok("token", "no Vertebra has written a run file yet, " + folder + " will have it");
    }

    /** Whether uploaded sets find room. */
    static Finding uploads() {
        var folder = Path.of(System.getProperty("java.io.tmpdir"));
        return Files.isWritable(folder)
                ? Finding.ok("uploads", folder + " can be written")
                : Finding.fail("uploads", folder + " cannot be written", "choose another folder with -Djava.io.tmpdir");
    }

    /** Whether the descriptors can be read. */
    static List<Finding> sets(ServerSettings settings) {
        var findings = new ArrayList<Finding>();
        for (var file : settings.codeletSets()) {
            try {
                var set = DescriptorReader.read(file);
                var missing = set.codelets().stream()
                        .map(codelet -> codelet.object())
                        .filter(object -> !Files.isReadable(object))
                        .toList();
                findings.add(
                        missing.isEmpty()
                                ? Finding.ok("set", set.name() + " of " + file)
                                : Finding.fail(
                                        "set", file + ": " + missing + " cannot be read", "compile or copy them"));
            } catch (ConfigException e) {
                findings.add(Finding.fail("set", e.getMessage(), "mend the descriptor"));
            }
        }
        return findings;
    }

    /** Whether a Kafka broker answers, as a start would ask it. */
    static Finding kafka(KafkaSettings settings) {
        try {
            BrokerCheck.require(settings);
            return Finding.ok("kafka", settings.bootstrapServers() + " answers");
        } catch (ConnectorException e) {
            return Finding.fail("kafka", e.getMessage(), "see kafka.bootstrap_servers");
        }
    }
}
