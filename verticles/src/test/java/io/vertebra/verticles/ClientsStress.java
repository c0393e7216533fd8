package io.vertebra.verticles;

import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The command {@code .ci/clients}: many clients of the live view, some of which read nothing, in a JVM of their own. Exits
 * with 1 when an account does not balance.
 */
final class ClientsStress {

    private static final long MEBI = 1 << 20;

    private ClientsStress() {}

    /** Runs it: {@code main(CLIENTS, STUCK, EVENTS_A_SECOND, SECONDS)}. */
    public static void main(String[] arguments) throws Exception {
        int clients = Integer.parseInt(arguments[0]);
        long rate = Long.parseLong(arguments[2]);
        long seconds = Long.parseLong(arguments[3]);
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0).withCores(1))) {
            Gateway.load(vertebra);
            long before = heap();
            var process = clients(vertebra.port(), arguments[0], arguments[1]);
            try (var output = process.inputReader(StandardCharsets.UTF_8)) {
                expect(output, "READY");
                long connected = heap();
                long cpu = cpu();
                long begin = System.nanoTime();
                fire(rate, seconds);
                double wall = System.nanoTime() - begin;
                double busy = (cpu() - cpu) / wall;
                Gateway.settle(vertebra);
                long after = heap();
                closed(vertebra.port());
                process.outputWriter(StandardCharsets.UTF_8).append("stop\n").flush();
                output.lines().forEach(System.out::println);
                System.out.printf(
                        "heap per client: %.1f KiB connected, %.1f KiB after %d s; CPU of the server: %.0f%% of a"
                                + " core%n",
                        (connected - before) / 1024.0 / clients,
                        (after - before) / 1024.0 / clients,
                        seconds,
                        100 * busy);
                System.out.printf("heap: %d MiB before, %d MiB after%n", before / MEBI, after / MEBI);
            } finally {
                process.destroy();
            }
            boolean balanced = vertebra.outputAccounts().stream()
                    .filter(account -> account.emitted() > 0)
                    .peek(account -> System.out.println("  " + account))
                    .allMatch(account -> account.missing() == 0);
            System.out.println(balanced ? "account: balanced" : "account: NOT balanced");
            System.exit(balanced ? 0 : 1);
        }
    }

    private static Process clients(int port, String count, String stuck) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx768m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StressedClients.class.getName(),
                        String.valueOf(port),
                        count,
                        stuck)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void expect(BufferedReader output, String line) throws Exception {
        var came = output.readLine();
        if (!line.equals(came)) {
            throw new IllegalStateException("the clients said `" + came + "`");
        }
    }

    /** Prints which clients were sent away. */
    private static void closed(int port) throws Exception {
        try (var page =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            new String(page.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("vertebra_live_clients") && !line.endsWith(" 0.0"))
                    .forEach(System.out::println);
        }
    }

    private static void fire(long rate, long seconds) {
        long begin = System.nanoTime();
        for (long i = 0; i < rate * seconds; i++) {
            Gateway.exchange(i, (int) (i % 4), 0);
            LockSupport.parkNanos(begin + i * 1_000_000_000L / rate - System.nanoTime());
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100); // reference handlers have their turn
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
