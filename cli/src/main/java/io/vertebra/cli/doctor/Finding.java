package io.vertebra.cli.doctor;

import io.vertx.core.json.JsonObject;

/**
 * What a check has found.
 *
 * @param check what was looked at, a word
 * @param verdict how it is
 * @param observed what is there
 * @param remedy what to do; empty when there is nothing
 */
record Finding(String check, Verdict verdict, String observed, String remedy) {

    enum Verdict {
        OK,
        /** Works, but not for everything or not well. */
        WARN,
        /** Vertebra will not start, or not do what the settings say. */
        FAIL
    }

    static Finding ok(String check, String observed) {
        return new Finding(check, Verdict.OK, observed, "");
    }

    static Finding warn(String check, String observed, String remedy) {
        return new Finding(check, Verdict.WARN, observed, remedy);
    }

    static Finding fail(String check, String observed, String remedy) {
        return new Finding(check, Verdict.FAIL, observed, remedy);
    }

    String text() {
        return "%-4s  %-9s  %s%s\n".formatted(verdict, check, observed, remedy.isEmpty() ? "" : ": " + remedy);
    }

    JsonObject json() {
        return new JsonObject()
                .put("check", check)
                .put("verdict", verdict.name())
                .put("observed", observed)
                .put("remedy", remedy);
    }
}
