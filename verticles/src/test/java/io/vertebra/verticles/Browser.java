package io.vertebra.verticles;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A real Chromium with one page, driven over the Chrome DevTools Protocol. */
final class Browser implements AutoCloseable {

    static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final String session;

    Browser() throws IOException {
        profile = Files.createTempDirectory("vertebra-browser");
        process = new ProcessBuilder(List.of(
                        CHROMIUM.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address()), new Listener())
                .join();
        var target = call(null, "Target.createTarget", new JsonObject().put("url", "about:blank"))
                .getString("targetId");
        session = call(
                        null,
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true))
                .getString("sessionId");
        for (var domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(domain + ".enable", new JsonObject());
        }
    }

    /** Opens an address. */
    void open(String url) {
        call("Page.navigate", new JsonObject().put("url", url));
    }

    /** Loads the page again; returns when the new one is there. */
    void reload() throws InterruptedException {
        evaluate("window.isOld = true");
        call("Page.reload", new JsonObject());
        awaitTrue("!window.isOld && document.readyState === 'complete'");
    }

    /** Gives the window a size, and the user a preference. */
    void look(int width, int height, String colourScheme) {
        call(
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
        var feature = new JsonObject().put("name", "prefers-color-scheme").put("value", colourScheme);
        call("Emulation.setEmulatedMedia", new JsonObject().put("features", List.of(feature)));
    }

    /** The value of an expression; promises are waited for. */
    Object evaluate(String expression) {
        var answer = call(
                "Runtime.evaluate",
                new JsonObject()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (answer.containsKey("exceptionDetails")) {
            throw new AssertionError(answer.getJsonObject("exceptionDetails").encode());
        }
        return answer.getJsonObject("result").getValue("value");
    }

    /** Waits until an expression has a value. */
    void await(String expression, Object value) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Object last = null;
        while (System.nanoTime() - deadline < 0) {
            last = evaluateNow(expression);
            if (value.equals(last)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError(expression + ": " + last + " after 60 s, expected " + value);
    }

    /** The value of an expression; null while another page comes into the place of this one. */
    private Object evaluateNow(String expression) {
        try {
            return evaluate(expression);
        } catch (CompletionException e) {
            if (String.valueOf(e.getMessage()).contains("Inspected target navigated")) {
                return null;
            }
            throw e;
        }
    }

    /** Waits until an expression is true. */
    void awaitTrue(String expression) throws InterruptedException {
        await("Boolean(" + expression + ")", true);
    }

    /** Leaves the page and forgets what it asked for. */
    void leave() throws InterruptedException {
        open("about:blank");
        await("location.href", "about:blank");
        requests.clear();
        errors.clear();
    }

    /** Lets the page save files into a folder. */
    void download(Path folder) {
        call(
                null,
                "Browser.setDownloadBehavior",
                new JsonObject().put("behavior", "allow").put("downloadPath", folder.toString()));
    }

    /** Chooses files in a file field. */
    void choose(String selector, Path... files) {
        var field = call(
                        "Runtime.evaluate",
                        new JsonObject().put("expression", "document.querySelector('" + selector + "')"))
                .getJsonObject("result")
                .getString("objectId");
        var names = Arrays.stream(files)
                .map(file -> file.toAbsolutePath().normalize().toString())
                .toList();
        call("DOM.setFileInputFiles", new JsonObject().put("objectId", field).put("files", names));
    }

    /** Slows uploads down, to bytes a second; -1 for no limit. */
    void uploadAt(int bytesPerSecond) {
        call(
                "Network.emulateNetworkConditions",
                new JsonObject()
                        .put("offline", false)
                        .put("latency", 0)
                        .put("downloadThroughput", -1)
                        .put("uploadThroughput", bytesPerSecond));
    }

    /** The accessibility tree: what a screen reader is told. */
    List<JsonObject> accessibility() {
        return call("Accessibility.getFullAXTree", new JsonObject()).getJsonArray("nodes").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** What the page holds, after a forced collection: {@code JSHeapUsedSize}, {@code Nodes}, {@code JSEventListeners}, ... */
    Map<String, Long> memory() {
        call("Performance.enable", new JsonObject());
        for (int i = 0; i < 2; i++) { // what the first has finalized, the second frees
            call("HeapProfiler.collectGarbage", new JsonObject());
        }
        return call("Performance.getMetrics", new JsonObject()).getJsonArray("metrics").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(m -> m.getString("name"), m -> m.getLong("value")));
    }

    /** Presses a key, as {@code KeyboardEvent.key} names it, on what has the focus. */
    void press(String key) {
        for (var type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    new JsonObject().put("type", type).put("key", key).put("code", key));
        }
    }

    /** Writes a picture of the page. */
    void screenshot(Path file) throws IOException {
        var answer = call("Page.captureScreenshot", new JsonObject().put("captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(answer.getString("data")));
    }

    /** Addresses that the page asked for. */
    List<String> requests() {
        return new ArrayList<>(requests);
    }

    /** What went wrong in the page. */
    List<String> errors() {
        return new ArrayList<>(errors);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        try (var files = Files.walk(profile)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private JsonObject call(String method, JsonObject parameters) {
        return call(session, method, parameters);
    }

    private JsonObject call(String sessionId, String method, JsonObject parameters) {
        int id = ids.incrementAndGet();
        var answer = new CompletableFuture<JsonObject>();
        answers.put(id, answer);
        var message = new JsonObject().put("id", id).put("method", method).put("params", parameters);
        socket.sendText((sessionId == null ? message : message.put("sessionId", sessionId)).encode(), true)
                .join();
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private String address() throws IOException {
        var reader = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("DevTools listening on ")) {
                Thread.ofVirtual().start(() -> drain(reader));
                return line.substring("DevTools listening on ".length());
            }
        }
        throw new IOException("chromium ended before it listened");
    }

    /** Reads what nobody wants to know, until the browser ends. */
    private static void drain(BufferedReader reader) {
        try {
            reader.transferTo(Writer.nullWriter());
        } catch (IOException _) { // it was killed
            return;
        }
    }

    private void event(JsonObject event) {
        var parameters = event.getJsonObject("params");
        switch (event.getString("method")) {
            case "Network.requestWillBeSent" ->
                requests.add(parameters.getJsonObject("request").getString("url"));
            case "Network.webSocketCreated" -> requests.add(parameters.getString("url"));
            case "Runtime.exceptionThrown" -> errors.add(parameters.encode());
            case "Log.entryAdded" -> {
                var entry = parameters.getJsonObject("entry");
                if (entry.getString("level").equals("error")) {
                    errors.add(entry.getString("text"));
                }
            }
            default -> {}
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var message = new JsonObject(text.toString());
                text.setLength(0);
                if (!message.containsKey("id")) {
                    event(message);
                } else if (message.containsKey("error")) {
                    var error =
                            new AssertionError(message.getJsonObject("error").encode());
                    answers.remove(message.getInteger("id")).completeExceptionally(error);
                } else {
                    answers.remove(message.getInteger("id")).complete(message.getJsonObject("result"));
                }
            }
            webSocket.request(1);
            return null;
        }
    }
}
