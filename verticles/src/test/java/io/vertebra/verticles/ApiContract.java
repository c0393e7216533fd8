package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.Locale;

/** The OpenAPI document, which every answer of the API's tests must fit. */
final class ApiContract {

    private static final String PREFIX = "/api/v1";

    private final JsonObject document;

    ApiContract(JsonObject document) {
        this.document = document;
    }

    /** Fails when the document has no such operation, status or media type, or the body does not fit its schema. */
    void check(HttpResponse<String> response) {
        var method = response.request().method().toLowerCase(Locale.ROOT);
        var path = response.uri().getPath().substring(PREFIX.length());
        var operation = operation(path, method);
        var answers = operation.getJsonObject("responses");
        var answer = answers.getJsonObject(String.valueOf(response.statusCode()));
        if (answer == null) {
            assertThat(response.statusCode()).as(method + " " + path).isGreaterThanOrEqualTo(400);
            answer = resolved(answers.getJsonObject("default"));
        }
        if (!answer.containsKey("content")) {
            assertThat(response.body()).as(method + " " + path).isEmpty();
            return;
        }
        var type = response.headers().firstValue("content-type").orElse("");
        var content = answer.getJsonObject("content").getJsonObject(type);
        assertThat(content).as(method + " " + path + " " + type).isNotNull();
        validate(content.getJsonObject("schema"), response.body());
    }

    /** Fails when there is no such schema, or a value does not fit it. */
    void check(String schema, String body) {
        validate(new JsonObject().put("$ref", "#/components/schemas/" + schema), body);
    }

    private JsonObject operation(String path, String method) {
        var paths = document.getJsonObject("paths").stream()
                .sorted(Comparator.comparingInt(template -> -template.getKey().length())) // the most specific first
                .toList();
        for (var template : paths) {
            var form =
                    template.getKey().replace("{path}", "[^/]+(/[^/]+){1,2}?").replaceAll("\\{\\w+}", "[^/]+");
            var operation = ((JsonObject) template.getValue()).getJsonObject(method);
            if (path.matches(form) && operation != null) {
                return operation;
            }
        }
        throw new AssertionError("no operation is " + method + " " + path);
    }

    private JsonObject resolved(JsonObject object) {
        var reference = object.getString("$ref");
        return reference == null
                ? object
                : document.getJsonObject("components")
                        .getJsonObject("responses")
                        .getJsonObject(reference.substring(reference.lastIndexOf('/') + 1));
    }

    private void validate(JsonObject schema, String body) {
        var whole = schema.copy().put("components", document.getJsonObject("components"));
        var options = new JsonSchemaOptions()
                .setBaseUri("https://vertebra.example/")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic);
        var result = Validator.create(JsonSchema.of(whole), options).validate(Json.decodeValue(body));
        assertThat(result.getValid()).as(result.getErrors() + " in " + body).isTrue();
    }
}
