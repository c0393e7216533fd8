package io.vertebra.verticles;

import static io.vertebra.verticles.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.HttpLimits;
import io.vertebra.config.HttpSettings;
import io.vertebra.verticles.ApiClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API from outside: each test uploads what it needs, and all sets are unloaded after it. */
@Timeout(120)
class ControlApiTest {

    private static final String INPUT =
            "codeletset: probe\ncodelets: [{object: input.bpf.o}]\ninputs: {limit: {map: limits}}\n";
    private static final String TALLY = "codeletset: tally\ncodelets: [{object: tally.bpf.o, execution: inline}]\n";

    @TempDir
    static Path folder;

    private static Vertebra vertebra;
    private static Path uploads;
    private static ApiClient author;
    private static ApiClient operator;
    private static ApiClient viewer;
    private static ApiClient nobody;

    @BeforeAll
    static void start() throws Exception {
        var http = HttpSettings.defaults()
                .withPort(0)
                .withRunFolder(folder.resolve("run"))
                .withLimits(new HttpLimits(64, 64, Duration.ofSeconds(30), 256 << 10, 4));
        var others = uploadFolders();
        vertebra = Vertebra.start(VertebraConfig.defaults().withHttp(http));
        uploads = uploadFolders().stream()
                .filter(path -> !others.contains(path))
                .findFirst()
                .orElseThrow();
        assertThat(HOOKS.choose(0, 0)).isEqualTo(-1); // the hooks are there, and nothing is attached
        author = new ApiClient(vertebra, "author");
        operator = new ApiClient(vertebra, "operator");
        viewer = new ApiClient(vertebra, "viewer");
        nobody = new ApiClient(vertebra, "");
    }

    private static List<Path> uploadFolders() throws IOException {
        try (var temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return temporary
                    .filter(path -> path.getFileName().toString().startsWith("vertebra-uploads"))
                    .toList();
        }
    }

    @AfterAll
    static void stop() {
        Stream.of(author, operator, viewer, nobody).forEach(ApiClient::close);
        vertebra.close();
        assertThat(folder.resolve("run")).isEmptyDirectory();
        assertThat(uploads).doesNotExist();
    }

    @AfterEach
    void unload() throws Exception {
        for (var set : nobody.get("codelet-sets").array()) {
            author.send("DELETE", "codelet-sets/" + ((JsonObject) set).getString("name"), "");
        }
    }

    @Test
    void shouldLoadReplaceAndUnloadASet() throws Exception {
        var created = author.upload("POST", "codelet-sets", INPUT, "input.bpf.o");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        assertThat(created.header("location")).isEqualTo("/api/v1/codelet-sets/probe");
        assertThat(created.object().getString("state")).isEqualTo("attached");
        assertThat(HOOKS.choose(50, 0)).isZero();
        assertThat(author.upload("POST", "codelet-sets", INPUT, "input.bpf.o").status())
                .isEqualTo(409);

        var same = author.upload("PUT", "codelet-sets/probe", INPUT, "input.bpf.o");
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.header("etag")).isEqualTo(created.header("etag"));
        assertThat(events("replaced", "probe")).isEmpty();

        var changed = author.upload("PUT", "codelet-sets/probe", INPUT + "limits: {max_steps: 1000}\n", "input.bpf.o");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("etag")).isNotEqualTo(created.header("etag"));
        assertThat(nobody.get("codelet-sets/probe").header("etag")).isEqualTo(changed.header("etag"));
        assertThat(events("replaced", "probe")).hasSize(1);

        assertThat(author.send("DELETE", "codelet-sets/probe", "").status()).isEqualTo(204);
        assertThat(HOOKS.choose(50, 0)).isEqualTo(-1);
        assertProblem(nobody.get("codelet-sets/probe"), 404, "set `probe`: unknown, known are []");
    }

    @Test
    void shouldCreateASetByPut() throws Exception {
        assertThat(author.upload("PUT", "codelet-sets/tally", TALLY, "tally.bpf.o")
                        .status())
                .isEqualTo(201);
        assertProblem(
                author.upload("PUT", "codelet-sets/other", TALLY, "tally.bpf.o"),
                400,
                "set `other`: the descriptor's name is `tally`, needed is the same");
    }

    @Test
    void shouldHoldChangesToTheirConditions() throws Exception {
        assertThat(author.uploadIf("if-match", "\"x\"", "codelet-sets/tally", TALLY, "tally.bpf.o")
                        .status())
                .isEqualTo(412);
        assertThat(author.uploadIf("if-none-match", "*", "codelet-sets/tally", TALLY, "tally.bpf.o")
                        .status())
                .isEqualTo(201);
        assertThat(author.uploadIf("if-none-match", "*", "codelet-sets/tally", TALLY, "tally.bpf.o")
                        .status())
                .isEqualTo(412);
        var tag = nobody.get("codelet-sets/tally").header("etag");
        assertThat(author.send("DELETE", "codelet-sets/tally", "", "if-match", "\"x\"")
                        .status())
                .isEqualTo(412);
        assertThat(author.send("DELETE", "codelet-sets/tally", "", "if-match", "\"y\", " + tag)
                        .status())
                .isEqualTo(204);
    }

    @Test
    void shouldDisableAndEnableASet() throws Exception {
        author.upload("POST", "codelet-sets", INPUT, "input.bpf.o");
        var disabled = operator.send("POST", "codelet-sets/probe/disable", "");
        assertThat(disabled.object().getString("state")).isEqualTo("disabled");
        assertThat(HOOKS.choose(50, 0)).isEqualTo(-1);
        assertProblem(
                author.upload("PUT", "codelet-sets/probe", INPUT + "\n", "input.bpf.o"),
                409,
                "set `probe`: it is disabled, allowed is attached");
        assertThat(operator.send("POST", "codelet-sets/probe/enable", "").status())
                .isEqualTo(200);
        assertThat(HOOKS.choose(50, 0)).isZero();
    }

    @Test
    void shouldTellWhyASetIsRejected() throws Exception {
        var answer = author.upload(
                "POST", "codelet-sets", "codeletset: bad\ncodelets: [{object: rejected.bpf.o}]\n", "rejected.bpf.o");
        assertProblem(
                answer,
                422,
                "codelet `unchecked`: rejected by the verifier, insn 7 (rejected.bpf.c:17): r0 may be null");
        assertThat(answer.object().getString("stage")).isEqualTo("verification");
        var finding =
                answer.object().getJsonObject("report").getJsonArray("findings").getJsonObject(0);
        assertThat(finding.getString("hint")).isNotBlank();
        assertThat(finding.getJsonArray("path")).isNotEmpty();
        assertThat(finding.getJsonObject("source").getString("file")).endsWith("rejected.bpf.c");
        assertThat(nobody.get("codelet-sets").array()).isEmpty();
        var refused = events("refused", "").getLast();
        assertThat(refused.getJsonObject("report")).isEqualTo(answer.object().getJsonObject("report"));
        assertThat(refused.getString("actor")).isEqualTo("author@127.0.0.1");
    }

    @Test
    void shouldTellTheVerdictOnEveryProgram() throws Exception {
        var answer = author.upload("POST", "codelet-sets", """
            codeletset: bad
            codelets:
              - {object: rejected.bpf.o, program: unchecked, name: first}
              - {object: tally.bpf.o, execution: inline}
              - {object: rejected.bpf.o, program: unchecked, name: second}
            """, "tally.bpf.o", "rejected.bpf.o");
        assertThat(answer.detail())
                .startsWith("codelet `first`: rejected by the verifier, insn 7 (rejected.bpf.c:17): r0 may be null")
                .endsWith("; so is 1 more");
        assertThat(answer.object().getJsonArray("programs").stream()
                        .map(JsonObject.class::cast)
                        .map(program -> program.getString("verdict") + " " + program.getString("name")))
                .containsExactly("fail first", "pass tally", "fail second");
        assertThat(answer.object().getJsonArray("programs").getJsonObject(2).getString("text"))
                .startsWith("FAIL second: insn 7 (rejected.bpf.c:17): r0 may be null")
                .contains("\n    *value += 1;\n");
    }

    /** Wherever an object was on the other machine, here it lies beside the descriptor. */
    @Test
    void shouldTakeObjectsFromOtherFolders() throws Exception {
        var elsewhere = TALLY.replace("tally.bpf.o", "/nowhere/objects/tally.bpf.o");
        assertThat(author.upload("POST", "codelet-sets", elsewhere, "tally.bpf.o")
                        .status())
                .isEqualTo(201);
        assertThat(author.upload("PUT", "codelet-sets/tally", elsewhere, "tally.bpf.o")
                        .status())
                .isEqualTo(200);
        assertThat(events("replaced", "tally")).isEmpty(); // the same content is no replacement
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "codelets: [{object: ../secret.o}]  | object `secret.o`: not uploaded",
                "codelets: [{object: /etc/hostname}]| object `hostname`: not uploaded, there are the parts"
                        + " `object` [tally.bpf.o]",
                "codelets: [{object: other.o}]      | object `other.o`: not uploaded, there are the parts `object`"
                        + " [tally.bpf.o]",
                "codelets: [{object: descriptor.yaml}] | object `descriptor.yaml`: not uploaded",
                "codelets: [{object: tally.bpf.o, hook: no/hook}] | ",
                "'codelets:'                          | descriptor.yaml: ",
            })
    void shouldRefuseDescriptors(String descriptor, String detail) throws Exception {
        var answer = author.upload(
                "POST", "codelet-sets", "codeletset: bad\n" + descriptor.replace("'", "") + "\n", "tally.bpf.o");
        assertProblem(answer, 422, detail == null ? "" : detail);
    }

    @Test
    void shouldRefuseStrangeParts() throws Exception {
        assertProblem(
                author.send("POST", "codelet-sets", "{}", "content-type", "application/json"),
                415,
                "content type `application/json`: allowed is multipart/form-data");
        assertProblem(
                author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o", "tally.bpf.o"),
                400,
                "file `tally.bpf.o`: there twice, allowed is once");
        assertProblem(
                author.send("POST", "codelet-sets", "nothing", "content-type", "multipart/form-data; boundary=x"),
                400,
                "");
        var body = new String(ApiClient.form(TALLY, "tally.bpf.o"), StandardCharsets.ISO_8859_1)
                .replace("filename=\"tally.bpf.o\"", "filename=\"../tally.bpf.o\"")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(author.send(
                                "POST",
                                "codelet-sets",
                                body,
                                "content-type",
                                "multipart/form-data; boundary=part-of-an-api-test")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void shouldLeaveNoUploadsBehind() throws Exception {
        author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
        author.upload("POST", "codelet-sets", "codeletset: bad\n", "rejected.bpf.o");
        author.upload("POST", "codelet-sets", TALLY + "#".repeat(300 << 10), "tally.bpf.o");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(uploads)))
                .isEqualTo("rwx------");
        assertThat(uploads).isEmptyDirectory();
        assertThat(author.send("DELETE", "codelet-sets/tally", "").status()).isEqualTo(204);
    }

    @Test
    void shouldShowAndChangeMaps() throws Exception {
        author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
        HOOKS.seen(1, 2, 300);
        var map = nobody.get("maps/tally/tallies").object();
        assertThat(map.getString("type")).isEqualTo("array");
        assertThat(map.getInteger("bytes_value")).isEqualTo(16);
        var entry = nobody.get("maps/tally/tallies/entries")
                .object()
                .getJsonArray("entries")
                .getJsonObject(0);
        assertThat(entry.getJsonObject("value").encode()).isEqualTo("{\"events\":1,\"bytes\":300}");
        assertThat(entry.getString("value_hex")).isEqualTo("01000000000000002c01000000000000");

        var update = new JsonObject()
                .put("key", 0)
                .put("value", new JsonObject().put("events", "9007199254740993").put("bytes", -1));
        assertThat(operator.send("PUT", "maps/tally/tallies/entries", update.encode())
                        .status())
                .isEqualTo(204);
        HOOKS.seen(1, 2, 3);
        var after = nobody.get("maps/tally/tallies/entries")
                .object()
                .getJsonArray("entries")
                .getJsonObject(0);
        assertThat(after.getJsonObject("value").encode()).isEqualTo("{\"events\":\"9007199254740994\",\"bytes\":2}");
        assertThat(events("map_updated", "tally/tallies")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "maps/tally/tallies/entries | {}                             | 400 | key: missing",
                "maps/tally/tallies/entries | []                             | 400 | body: not a JSON object",
                "maps/tally/tallies/entries | {'key': 0, 'other': 1}         | 400 | member `other`: unknown",
                "maps/tally/tallies/entries | {'key': -1, 'value': {}}       | 400 | variable `key`: value -1:"
                        + " `unsigned int` takes 0 to 4294967295",
                "maps/tally/tallies/entries | {'key': {'hex':'00'}, 'value': {}} | 400 | key: 1 bytes, needed are 4",
                "maps/tally/tallies/entries | {'key': 7, 'value': {}}        | 409 | map `tally/tallies`: not updated,"
                        + " it is full",
                "maps/tally/tallies/entries | {'key': 0, 'value': {}, 'flags': 'noexist'} | 409 | map `tally/tallies`:"
                        + " not updated, the entry is there",
                "maps/tally/nothing/entries | {'key': 0, 'value': {}}        | 404 | map `tally/nothing`: unknown,"
                        + " known are [tally/tallies]",
            })
    void shouldRefuseUpdates(String path, String body, int status, String detail) throws Exception {
        author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
        assertProblem(operator.send("PUT", path, body.replace('\'', '"')), status, detail);
    }

    @Test
    void shouldSendRecordsIntoInputs() throws Exception {
        author.upload("POST", "codelet-sets", INPUT, "input.bpf.o");
        assertThat(operator.send("PUT", "inputs/limit", "{\"most\": 10, \"route\": 7, \"strict\": true}")
                        .status())
                .isEqualTo(204);
        assertThat(HOOKS.choose(5, 0)).isEqualTo(7);
        var bytes = new byte[] {60, 0, 0, 0, 3, 0, 0, 0};
        assertThat(operator.send("POST", "inputs/limit", bytes, "content-type", "application/octet-stream")
                        .status())
                .isEqualTo(204);
        assertThat(HOOKS.choose(50, 0)).isEqualTo(3);
        assertThat(operator.send("POST", "maps/probe/limits/entries", "{\"value\": {\"route\": 9}}")
                        .status())
                .isEqualTo(204);
        assertThat(HOOKS.choose(-1, 0)).isEqualTo(9);

        for (int i = 0; i < 3; i++) {
            assertThat(operator.send("PUT", "inputs/limit", "{}").status()).isEqualTo(204);
        }
        assertProblem(operator.send("PUT", "inputs/limit", "{}"), 503, "input `limit`: no room, 3 records wait");
        assertProblem(operator.send("PUT", "inputs/limit", "{\"least\": 1}"), 400, "");
        assertProblem(operator.send("PUT", "inputs/other", "{}"), 404, "input `other`: unknown, known are [limit]");
        assertThat(nobody.get("inputs/limit").object().getLong("refused")).isEqualTo(1);
    }

    @Test
    void shouldTakeRecordsFromTheEventBus() throws Exception {
        author.upload("POST", "codelet-sets", INPUT, "input.bpf.o");
        var bus = vertebra.bus();
        join(bus.send("limit", new JsonObject().put("most", 10).put("route", 7).put("strict", true)));
        assertThat(HOOKS.choose(5, 0)).isEqualTo(7);
        join(bus.send("limit", Buffer.buffer(new byte[] {60, 0, 0, 0, 3, 0, 0, 0})));
        assertThat(HOOKS.choose(50, 0)).isEqualTo(3);

        assertRefused(bus.send("other", new JsonObject()), 404, "input `other`: unknown, known are [limit]");
        assertRefused(bus.send("limit", new JsonObject().put("least", 1)), 400, "least");
        assertRefused(bus.send("limit", Buffer.buffer("x")), 400, "input `limit`: a record of 1 bytes, allowed is 8");
        assertRefused(bus.send("limit", "x"), 400, "a record is a JsonObject or a Buffer");
        for (int i = 0; i < 3; i++) {
            join(bus.send("limit", new JsonObject()));
        }
        assertRefused(bus.send("limit", new JsonObject()), 503, "input `limit`: no room, 3 records wait");
    }

    private static void assertRefused(Future<Void> sent, int code, String message) {
        assertThatThrownBy(() -> join(sent))
                .cause()
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static void join(Future<Void> sent) {
        sent.toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldListPrograms() throws Exception {
        author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
        for (int i = 0; i < 5_000; i++) {
            HOOKS.seen(1, 2, 3);
        }
        var programs = nobody.get("programs").array();
        assertThat(programs).hasSize(1);
        var program = programs.getJsonObject(0);
        assertThat(program.getString("name")).isEqualTo("tally");
        assertThat(program.getLong("run_cnt")).isEqualTo(5_000);
        assertThat(program.getLong("run_time_ns")).isPositive();
        assertThat(program.getString("tag")).matches("[0-9a-f]{16}");
        var map = nobody.get("maps").array().getJsonObject(0);
        assertThat(program.getJsonArray("map_ids")).containsExactly(map.getInteger("id"));
        assertThat(nobody.get("programs").array().getJsonObject(0).getInteger("id"))
                .isEqualTo(program.getInteger("id"));
        var detail = nobody.get("programs/tally/tally").object();
        assertThat(detail.getJsonObject("program").getInteger("id")).isEqualTo(program.getInteger("id"));
        assertThat(detail.getJsonObject("report").getString("text"))
                .matches("PASS tally \\(\\d+ instructions, at most \\d+ steps\\)");
        assertThat(detail.getJsonArray("maps")).containsExactly(map.getString("path"));
        assertThat(detail.getJsonArray("code").encode())
                .contains("\"memory\":[\"value of " + map.getString("name") + "\"]");
        assertThat(nobody.get("programs/tally/nobody").status()).isEqualTo(404);
    }

    /** Each change that is described is refused without a token, and each that is not is unknown. */
    @Test
    void shouldDescribeItself() throws Exception {
        var paths = nobody.get("openapi.json").object().getJsonObject("paths");
        for (var path : paths) {
            for (var method : ((JsonObject) path.getValue()).fieldNames()) {
                var concrete =
                        path.getKey().substring(1).replace("{path}", "x/y").replaceAll("\\{\\w+}", "x");
                if (method.equals("get")) {
                    assertThat(nobody.get(concrete).status()).isIn(200, 404);
                } else if (!method.equals("parameters")) {
                    var operation = ((JsonObject) path.getValue()).getJsonObject(method);
                    var role =
                            operation.getJsonArray("security").getJsonObject(0).getJsonArray("token");
                    assertThat(viewer.send(method.toUpperCase(Locale.ROOT), concrete, "")
                                    .detail())
                            .isEqualTo("token of role `viewer`: needed is `" + role.getString(0) + "`");
                }
            }
        }
    }

    // ---- who may ----

    @ParameterizedTest
    @CsvSource({
        "POST, codelet-sets, author",
        "PUT, codelet-sets/x, author",
        "DELETE, codelet-sets/x, author",
        "POST, codelet-sets/x/disable, operator",
        "POST, codelet-sets/x/enable, operator",
        "PUT, maps/x/y/entries, operator",
        "POST, maps/x/y/entries, operator",
        "PUT, inputs/x, operator",
        "POST, inputs/x, operator",
    })
    void shouldWantATokenForEveryChange(String method, String path, String role) throws Exception {
        var without = nobody.send(method, path, "{}");
        assertProblem(without, 401, "no token: send `Authorization: Bearer TOKEN`");
        assertThat(without.header("www-authenticate")).startsWith("Bearer");
        assertProblem(
                nobody.send(method, path, "{}", "authorization", "Bearer " + "A".repeat(43)),
                401,
                "token: unknown here");
        assertProblem(viewer.send(method, path, "{}"), 403, "token of role `viewer`: needed is `" + role + "`");
        if (role.equals("author")) {
            assertProblem(operator.send(method, path, "{}"), 403, "token of role `operator`: needed is `author`");
        } else {
            assertThat(operator.send(method, path, "{}").status()).isEqualTo(404);
        }
    }

    @Test
    void shouldWriteTheTokensForTheirOwnerOnly() throws Exception {
        var file = folder.resolve("run").resolve(vertebra.port() + ".json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        var content = new JsonObject(Files.readString(file));
        assertThat(content.getString("url")).isEqualTo("http://127.0.0.1:" + vertebra.port());
        for (var role : List.of("viewer", "operator", "author")) {
            assertThat(content.getJsonObject("tokens").getString(role))
                    .isEqualTo(vertebra.token(role))
                    .hasSize(43);
        }
    }

    private static void assertProblem(Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.detail()).startsWith(detail).doesNotContain("vertebra-uploads");
    }

    private static List<JsonObject> events(String event, String object) throws Exception {
        JsonArray events = nobody.get("events").array();
        return events.stream()
                .map(JsonObject.class::cast)
                .filter(e -> e.getString("event").equals(event)
                        && e.getString("object").equals(object))
                .toList();
    }
}
