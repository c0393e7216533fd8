package io.vertebra.cli.remote;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Slots of equal width: slot k counts {@code [min + k x step, min + (k+1) x step)}.
 *
 * @param step at least 1
 */
record LinearSlots(long step, long min) {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,14})(?::(-?[0-9]{1,15}))?");

    /** {@code STEP} or {@code STEP:MIN}. */
    static final class Converter implements ITypeConverter<LinearSlots> {
        @Override
        public LinearSlots convert(String text) {
            var form = FORM.matcher(text);
            if (!form.matches()) {
                throw new TypeConversionException("`" + text + "`: allowed is STEP or STEP:MIN, STEP at least 1");
            }
            return new LinearSlots(
                    Long.parseLong(form.group(1)), form.group(2) == null ? 0 : Long.parseLong(form.group(2)));
        }
    }
}
