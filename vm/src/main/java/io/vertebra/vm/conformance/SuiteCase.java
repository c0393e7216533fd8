package io.vertebra.vm.conformance;

import io.vertebra.vm.format.ObjectFormatException;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One test of a conformance suite: its sections as text, read on demand. Immutable.
 *
 * @param name the file's
 * @param negative whether it lies in a folder {@code negative} or {@code ...-negative}, whose programs must be refused
 * @param sections text by title, {@code asm} for example
 */
public record SuiteCase(String name, boolean negative, Map<String, String> sections) {

    private static final String SUFFIX = ".data";
    private static final String TITLE = "-- ";
    private static final String ELSEWHERE = " @ ";

    /** Makes the map immutable. */
    public SuiteCase {
        sections = Map.copyOf(sections);
    }

    /** The test files in a folder and below, in order of their names. */
    public static List<Path> files(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
        }
    }

    /** Reads a test, and the files that its titles name. */
    public static SuiteCase read(Path file) throws IOException {
        var sections = new HashMap<String, String>();
        String current = "";
        for (var line : Files.readAllLines(file)) {
            if (line.startsWith(TITLE)) {
                var title = line.substring(TITLE.length()).split(ELSEWHERE, 2);
                current = title[0].strip();
                sections.put(current, title.length == 1 ? "" : Files.readString(file.resolveSibling(title[1].strip())));
            } else {
                sections.merge(current, line + "\n", String::concat);
            }
        }
        var folder = file.toAbsolutePath().getParent().getFileName().toString();
        return new SuiteCase(
                file.getFileName().toString(), folder.equals("negative") || folder.endsWith("-negative"), sections);
    }

    /** Whether there is a section, empty or not. */
    public boolean has(String section) {
        return sections.containsKey(section);
    }

    /**
     * The program as its assembly says.
     *
     * @throws ObjectFormatException when it does not assemble
     */
    public Optional<List<Instruction>> assembled() {
        return Optional.ofNullable(sections.get("asm")).map(AssemblyText::parse);
    }

    /** The program's bytes as they are given: each line a slot, as its number or as its bytes. */
    public Optional<byte[]> raw() {
        return has("raw") ? Optional.of(read("raw", SuiteCase::slots)) : Optional.empty();
    }

    /**
     * The program.
     *
     * @throws ObjectFormatException when there is none, or it is malformed
     */
    public List<Instruction> instructions() {
        return assembled()
                .or(() -> raw().map(InstructionCodec::decode))
                .orElseThrow(() -> new ObjectFormatException("no program, a section `asm` or `raw` is needed"));
    }

    /** What r1 points to; empty without such a section. */
    public byte[] memory() {
        return read(
                "mem",
                text -> HexFormat.of()
                        .parseHex(text.replaceAll("0x\\p{XDigit}+:", "").replaceAll("\\s", "")));
    }

    /** What r0 has to be at the end, if that is said. */
    public Optional<Long> result() {
        return has("result") ? Optional.of(read("result", SuiteCase::number)) : Optional.empty();
    }

    /** Whether the program must be refused, before it runs or while it does. */
    public boolean refused() {
        return negative || has("error") || has("error pattern");
    }

    private <T> T read(String section, Function<String, T> reader) {
        try {
            return reader.apply(withoutComments(section));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ObjectFormatException("section `%s`: %s".formatted(section, e.getMessage()));
        }
    }

    private String withoutComments(String section) {
        return sections.getOrDefault(section, "")
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static byte[] slots(String text) {
        var lines = text.lines().toList();
        var bytes =
                ByteBuffer.allocate(lines.size() * InstructionCodec.SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (var line : lines) {
            if (line.startsWith("0x")) {
                bytes.putLong(Long.parseUnsignedLong(line.substring(2), 16));
            } else {
                var slot = HexFormat.of().parseHex(line.replaceAll("\\s", ""));
                if (slot.length != InstructionCodec.SLOT_BYTES) {
                    throw new IllegalArgumentException("`%s` has %d bytes, a slot has %d"
                            .formatted(line, slot.length, InstructionCodec.SLOT_BYTES));
                }
                bytes.put(slot);
            }
        }
        return bytes.array();
    }

    /** Signed and unsigned numbers of 64 bits. */
    private static long number(String text) {
        var number = text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
        if (number.bitLength() > Long.SIZE) {
            throw new IllegalArgumentException("`" + text + "` has more than 64 bits");
        }
        return number.longValue();
    }
}
