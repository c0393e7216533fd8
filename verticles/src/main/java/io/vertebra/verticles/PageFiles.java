package io.vertebra.verticles;

import io.vertebra.verticles.http.AccessGuard;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;

/** The live page's files, in memory. */
final class PageFiles {

    /** Everything from this server, nothing from elsewhere, no inline code. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri"
                    + " 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private static final String[] NAMES = {
        "index.html",
        "style.css",
        "charts.css",
        "icon.svg",
        "api.js",
        "app.js",
        "bars.js",
        "buckets.js",
        "code.js",
        "codelet.js",
        "dom.js",
        "filter.js",
        "format.js",
        "heatcanvas.js",
        "heatmap.js",
        "heattable.js",
        "lines.js",
        "maps.js",
        "metrics.js",
        "outputs.js",
        "overview.js",
        "panels.js",
        "problem.js",
        "router.js",
        "runtimes.js",
        "setactions.js",
        "setform.js",
        "sets.js",
        "socket.js",
        "spark.js",
        "streams.js",
        "table.js",
        "theme.js",
        "token.js",
        "tokenform.js",
        "upload.js",
        "vendor/uPlot.iife.min.js",
        "vendor/uPlot.min.css",
        "vendor/uPlot-LICENSE.txt",
    };

    private final Map<String, Page> files = new HashMap<>();

    /**
     * One file.
     *
     * @param type its media type
     * @param tag changes with its content
     */
    private record Page(String type, String tag, Buffer content) {}

    PageFiles() {
        for (var name : NAMES) {
            files.put("/" + name, read(name));
        }
        files.put("/", files.get("/index.html"));
    }

    /** Answers with the file of the request's path, or passes the request on. */
    void serve(RoutingContext request) {
        var file = files.get(request.normalizedPath());
        if (file == null || !AccessGuard.READING.contains(request.request().method())) {
            request.next();
            return;
        }
        var response = request.response()
                .putHeader(HttpHeaders.ETAG, file.tag())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("content-security-policy", POLICY)
                .putHeader("referrer-policy", "no-referrer");
        if (file.tag().equals(request.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, file.type()).end(file.content());
        }
    }

    private static Page read(String name) {
        try (var in = PageFiles.class.getResourceAsStream("webroot/" + name)) {
            var bytes = in.readAllBytes();
            var sum = new CRC32C();
            sum.update(bytes);
            var tag = '"' + HexFormat.of().toHexDigits((int) sum.getValue()) + '"';
            return new Page(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), tag, Buffer.buffer(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("page file " + name, e);
        }
    }
}
