package io.vertebra.vm.program;

/**
 * A place in the C source, from the line records of {@code .BTF.ext}.
 *
 * @param file path as the compiler recorded it
 * @param line 1-based line
 * @param column 1-based column, 0 when unknown
 * @param text the source line itself, empty when the object does not carry it
 */
public record SourceLine(String file, int line, int column, String text) {
    @Override
    public String toString() {
        return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }
}
