package io.vertebra.runtime.stress;

import io.vertebra.runtime.account.AttachmentAccount;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The command {@code .ci/stress}. Exits with 1 when a promise is broken, with 2 when it is not understood. */
final class Stress {

    private static final Map<String, Map<String, Long>> COMMANDS = Map.of(
            "rounds", Map.of("--rounds", 1_000L, "--threads", 5L, "--seed", new Random().nextLong() >>> 32),
            "codelets", Map.of("--count", 10_000L));

    private Stress() {}

    /** Runs it: {@code main(rounds, --rounds, N, --threads, N, --seed, N)}, or {@code main(codelets, --count, N)}. */
    public static void main(String[] arguments) throws Exception {
        boolean named = arguments.length > 0 && !arguments[0].startsWith("--");
        var command = named ? arguments[0] : "rounds";
        var options = options(command, List.of(arguments).subList(named ? 1 : 0, arguments.length));
        boolean good = command.equals("rounds")
                ? rounds(options.get("--rounds"), options.get("--threads"), options.get("--seed"))
                : codelets(options.get("--count").intValue());
        System.exit(good ? 0 : 1);
    }

    private static Map<String, Long> options(String command, List<String> arguments) {
        var usual = COMMANDS.get(command);
        if (usual == null) {
            throw refused("command `" + command + "`, allowed is `rounds` or `codelets`");
        }
        var options = new TreeMap<>(usual);
        for (int i = 0; i < arguments.size(); i += 2) {
            var name = arguments.get(i);
            var value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            if (!usual.containsKey(name) || !value.matches("[0-9]{1,9}")) {
                throw refused("option `" + name + " " + value + "`, allowed are " + options.keySet()
                        + ", each with a number");
            }
            options.put(name, Long.valueOf(value));
        }
        return options;
    }

    /** Ends the command. */
    private static AssertionError refused(String message) {
        System.err.println("Error: " + message);
        System.exit(2);
        return new AssertionError(message);
    }

    private static boolean rounds(long rounds, long threads, long seed) throws Exception {
        System.out.println(rounds + " rounds, " + threads + " threads, seed " + seed);
        long begin = System.nanoTime();
        var result = RoundsStress.run((int) rounds, (int) threads, seed);
        System.out.printf(
                "%,d events of each hook in %d s%n", result.fired(), (System.nanoTime() - begin) / 1_000_000_000);
        result.accounts().forEach(account -> System.out.println("  " + line(account)));
        result.streams()
                .forEach(stream -> System.out.printf(
                        "  stream %s: emitted %,d = delivered %,d + dropped %s + waiting %,d%n",
                        stream.stream(), stream.emitted(), stream.delivered(), stream.dropped(), stream.waiting()));
        System.out.println("before  " + result.before());
        System.out.println("after   " + result.after());
        var problems = result.problems();
        problems.forEach(problem -> System.out.println("  " + problem));
        System.out.println("account: " + (problems.isEmpty() ? "balanced, nothing lost, nothing run twice" : "WRONG"));
        boolean flat = result.after().isFlat(result.before());
        System.out.println("memory: " + (flat ? "flat" : "GROWS"));
        return problems.isEmpty() && flat;
    }

    private static boolean codelets(int count) throws Exception {
        var result = CodeletsStress.run(count);
        result.milliseconds().forEach(each -> System.out.printf("%.2f ms to load one%n", each));
        System.out.println("before  " + result.before());
        System.out.println("loaded  " + result.loaded());
        System.out.println("after   " + result.after());
        System.out.printf(
                "heap of each of %,d codelets: %,d bytes, allowed are %,d%n",
                count, result.heapOfEach(), CodeletsStress.ALLOWED);
        // Names and sums stay in the history of accounts, so that totals never go back.
        long left = (result.after().heap() - result.before().heap()) / count;
        boolean given =
                left <= 1024 && result.after().classes() - result.before().classes() <= 100;
        System.out.printf("heap left of each after its unloading: %,d bytes%n", left);
        System.out.println("memory: " + (given ? "given back" : "GROWS"));
        return given && result.heapOfEach() <= CodeletsStress.ALLOWED;
    }

    private static String line(AttachmentAccount account) {
        return "%s/%s %s: offered %,d = ok %,d + failed %,d + dropped %s + waiting %,d"
                .formatted(
                        account.codeletSet(),
                        account.codelet(),
                        account.execution(),
                        account.offered(),
                        account.ok(),
                        account.failed(),
                        account.dropped(),
                        account.waiting());
    }
}
