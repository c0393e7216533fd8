package io.vertebra.vm.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertebra.vm.format.ObjectFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The external conformance suites as text: every {@code -- asm} assembles, to the bytes of {@code -- raw} where there
 * are some. Runs where the suites are ({@code -Dvertebra.corpora=...}, or {@code shared/corpora} beside the project).
 */
class ConformanceAssemblyTest {

    private static Path corpora(String name) {
        var given = System.getProperty("vertebra.corpora");
        var root = given == null ? beside() : Path.of(given);
        var folder = root.resolve(name);
        assumeTrue(Files.isDirectory(folder), "skipped: no " + folder + ", set -Dvertebra.corpora");
        return folder;
    }

    /** The tests run in the folder of their module. */
    private static Path beside() {
        return Path.of("").toAbsolutePath().resolve("../../shared/corpora").normalize();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(f -> f.toString().endsWith(".data")).sorted().toList();
        }
    }

    /** The lines of a section; its title may name a file that has them. */
    private static Optional<String> section(Path file, String name) throws IOException {
        var lines = new ArrayList<String>();
        boolean inside = false;
        boolean found = false;
        for (var line : Files.readAllLines(file)) {
            if (line.startsWith("-- ")) {
                inside = line.equals("-- " + name) || line.startsWith("-- " + name + " @ ");
                found |= inside;
                if (inside && line.contains(" @ ")) {
                    return Optional.of(Files.readString(file.resolveSibling(line.substring(line.indexOf("@ ") + 2))));
                }
            } else if (inside) {
                lines.add(line);
            }
        }
        return found ? Optional.of(String.join("\n", lines)) : Optional.empty();
    }

    /** Either one 64-bit number for each slot, or its bytes. */
    private static byte[] raw(String text) {
        var lines = text.lines()
                .map(l -> l.replaceFirst("#.*", "").strip())
                .filter(l -> !l.isEmpty())
                .toList();
        var bytes = ByteBuffer.allocate(lines.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var line : lines) {
            if (line.startsWith("0x")) {
                bytes.putLong(Long.parseUnsignedLong(line.substring(2), 16));
            } else {
                bytes.put(HexFormat.ofDelimiter(" ").parseHex(line));
            }
        }
        return bytes.array();
    }

    private static int assembled(Path folder) throws IOException {
        int count = 0;
        for (var file : files(folder)) {
            var text = section(file, "asm");
            if (text.isEmpty() || file.getFileName().toString().startsWith("err-invalid-reg-")) {
                continue;
            }
            count++;
            var program = AssemblyText.parse(text.get());
            assertThat(AssemblyText.parse(AssemblyText.print(program)))
                    .as("%s", file)
                    .isEqualTo(program);
            var raw = section(file, "raw");
            if (raw.isPresent()) {
                assertThat(InstructionCodec.encode(program)).as("%s", file).isEqualTo(raw(raw.get()));
                assertThat(InstructionCodec.decode(raw(raw.get())))
                        .as("%s", file)
                        .isEqualTo(program);
            }
        }
        return count;
    }

    @Test
    void shouldAssembleTheConformanceSuite() throws IOException {
        assertThat(assembled(corpora("conformance"))).isGreaterThan(200);
    }

    @Test
    void shouldAssembleTheTestsOfUbpf() throws IOException {
        assertThat(assembled(corpora("ubpf"))).isGreaterThan(40);
    }

    @Test
    void shouldRejectTheNegativeTests() throws IOException {
        int rejected = 0;
        for (var file : files(corpora("conformance-negative"))) {
            var asm = section(file, "asm");
            var raw = section(file, "raw");
            boolean wellFormed = file.getFileName().toString().startsWith("incorrect_")
                    || (asm.isEmpty() && raw.isEmpty())
                    || asm.filter(String::isEmpty).isPresent();
            if (!wellFormed) {
                rejected++;
                assertThat(rejects(asm, raw)).as("%s", file).isTrue();
            }
        }
        assertThat(rejected).isGreaterThan(30);
    }

    private static boolean rejects(Optional<String> asm, Optional<String> raw) {
        try {
            asm.ifPresent(AssemblyText::parse);
            raw.ifPresent(text -> InstructionCodec.decode(raw(text)));
            return false;
        } catch (ObjectFormatException _) {
            return true;
        }
    }
}
