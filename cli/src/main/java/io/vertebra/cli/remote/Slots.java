package io.vertebra.cli.remote;

import io.vertebra.cli.option.HistogramText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the slots of a histogram count: as a metric of the descriptor declares it, or as somebody asks for. */
sealed interface Slots {

    /** The label of a row. */
    String label(int slot);

    /** The row in JSON, without its count: {@code min} and {@code max}, both inclusive; what has no bound has no member. */
    JsonObject bounds(int slot);

    /** How many slots make sense. */
    default int most() {
        return Integer.MAX_VALUE;
    }

    /**
     * The slots that a metric declares.
     *
     * @param buckets as the API describes them; null for none
     */
    static Slots declared(JsonObject buckets) {
        if (buckets == null) {
            return new Log2(0);
        }
        return switch (buckets.getString("type")) {
            case "exp2zero" -> new Log2Zero();
            case "linear" -> new Linear(1, buckets.getLong("min", 0L), buckets.getLong("max", Long.MAX_VALUE));
            case "fixed" -> new Fixed(buckets.getJsonArray("keys"));
            default -> new Log2(buckets.getInteger("min", 0));
        };
    }

    /**
     * Slot k counts {@code [2^(k+min), 2^(k+min+1))}, the lowest also what is below.
     *
     * @param min exponent of slot 0
     */
    record Log2(int min) implements Slots {
        @Override
        public String label(int slot) {
            return slot == 0 ? "[0, " + HistogramText.power(min + 1) + ")" : HistogramText.log2(min + slot);
        }

        @Override
        public JsonObject bounds(int slot) {
            return Slots.range(slot == 0 ? 0 : 1L << (min + slot), largest(min + slot + 1));
        }

        @Override
        public int most() {
            return Long.SIZE - min;
        }
    }

    /** Slot 0 counts 0, slot k counts {@code [2^(k-1), 2^k)}. */
    record Log2Zero() implements Slots {
        @Override
        public String label(int slot) {
            return slot == 0 ? "[0]" : "[" + HistogramText.power(slot - 1) + ", " + HistogramText.power(slot) + ")";
        }

        @Override
        public JsonObject bounds(int slot) {
            return Slots.range(slot == 0 ? 0 : 1L << (slot - 1), largest(slot));
        }

        @Override
        public int most() {
            return Long.SIZE + 1;
        }
    }

    /**
     * Slot k counts {@code [min + k x step, min + (k+1) x step)}.
     *
     * @param step at least 1
     * @param max the largest value of the last of these; one slot more counts what is above
     */
    record Linear(long step, long min, long max) implements Slots {

        private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,14})(?::(-?[0-9]{1,15}))?");

        @Override
        public String label(int slot) {
            return min + slot * step > max ? "[" + (max + 1) + ", ...)" : HistogramText.linear(min, step, slot);
        }

        @Override
        public JsonObject bounds(int slot) {
            return min + slot * step > max
                    ? new JsonObject().put("min", max + 1)
                    : Slots.range(min + slot * step, min + (slot + 1) * step - 1);
        }

        /** {@code STEP} or {@code STEP:MIN}. */
        static final class Converter implements ITypeConverter<Linear> {
            @Override
            public Linear convert(String text) {
                var form = FORM.matcher(text);
                if (!form.matches()) {
                    throw new TypeConversionException("`" + text + "`: allowed is STEP or STEP:MIN, STEP at least 1");
                }
                long min = form.group(2) == null ? 0 : Long.parseLong(form.group(2));
                return new Linear(Long.parseLong(form.group(1)), min, Long.MAX_VALUE);
            }
        }
    }

    /**
     * Slot k counts what is above key k-1 and at most key k; one slot more counts what is above the last.
     *
     * @param keys rising numbers
     */
    record Fixed(JsonArray keys) implements Slots {
        @Override
        public String label(int slot) {
            return "(" + (slot == 0 ? "..." : keys.getValue(slot - 1)) + ", "
                    + (slot < keys.size() ? keys.getValue(slot) + "]" : "...)");
        }

        @Override
        public JsonObject bounds(int slot) {
            var bounds = new JsonObject();
            if (slot > 0) {
                bounds.put("above", keys.getValue(slot - 1));
            }
            return slot < keys.size() ? bounds.put("max", keys.getValue(slot)) : bounds;
        }

        @Override
        public int most() {
            return keys.size() + 1;
        }
    }

    private static JsonObject range(long min, long max) {
        return new JsonObject().put("min", min).put("max", max);
    }

    /** {@code 2^bits - 1}, as far as a long holds it. */
    private static long largest(int bits) {
        return bits >= Long.SIZE - 1 ? Long.MAX_VALUE : (1L << bits) - 1;
    }
}
