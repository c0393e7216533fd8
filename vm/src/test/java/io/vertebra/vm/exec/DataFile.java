package io.vertebra.vm.exec;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.InstructionCodec;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A test of the conformance suites: sections that begin with {@code -- name}, or {@code -- name @ other-file}. */
record DataFile(Path path, Map<String, String> sections) {

    /** All files below a folder of the corpora; skips the test where it is absent. */
    static List<Path> all(String folder) throws IOException {
        var given = System.getProperty("vertebra.corpora");
        var root = given == null
                ? Path.of("").toAbsolutePath().resolve("../../shared/corpora").normalize()
                : Path.of(given);
        var directory = root.resolve(folder);
        assumeTrue(Files.isDirectory(directory), "skipped: no " + directory + ", set -Dvertebra.corpora");
        try (var walk = Files.walk(directory)) {
            return walk.filter(f -> f.toString().endsWith(".data")).sorted().toList();
        }
    }

    static DataFile read(Path path) throws IOException {
        var sections = new HashMap<String, String>();
        String current = "";
        for (var line : Files.readAllLines(path)) {
            if (line.startsWith("-- ")) {
                var title = line.substring(3).split(" @ ", 2);
                current = title[0].strip();
                var file = title.length == 2 ? path.resolveSibling(title[1].strip()) : null;
                sections.put(current, file == null ? "" : Files.readString(file));
            } else {
                sections.merge(current, line + "\n", String::concat);
            }
        }
        return new DataFile(path, sections);
    }

    List<Instruction> instructions() {
        if (sections.containsKey("asm")) {
            return AssemblyText.parse(sections.get("asm"));
        }
        var lines = clean("raw").lines().toList();
        var bytes = ByteBuffer.allocate(lines.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var line : lines) {
            if (line.startsWith("0x")) {
                bytes.putLong(Long.parseUnsignedLong(line.substring(2), 16));
            } else {
                bytes.put(HexFormat.ofDelimiter(" ").parseHex(line));
            }
        }
        return InstructionCodec.decode(bytes.array());
    }

    byte[] memory() {
        return HexFormat.of()
                .parseHex(clean("mem").replaceAll("0x\\p{XDigit}+:", "").replaceAll("\\s", ""));
    }

    long result() {
        var text = clean("result").strip();
        return (text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text)).longValue();
    }

    private String clean(String section) {
        var text = new StringBuilder();
        for (var line : sections.getOrDefault(section, "").split("\n")) {
            var stripped = line.replaceFirst("#.*", "").strip();
            text.append(stripped.isEmpty() ? "" : stripped + "\n");
        }
        return text.toString();
    }
}
