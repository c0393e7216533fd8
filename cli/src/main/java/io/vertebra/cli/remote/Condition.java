package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a record's field must be, for example {@code delay_us>=1000}. Numbers compare by value, anything else by its text and
 * for equality only.
 *
 * @param field its name; dots lead into structs
 * @param operator one of {@code = != < <= > >=}
 * @param operand what it is compared with
 */
record Condition(String field, String operator, String operand) {

    private static final Pattern FORM = Pattern.compile("([\\w.]+) *(=|!=|<=|>=|<|>) *(.*)");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,39}(\\.[0-9]{1,39})?");

    /**
     * Reads a condition.
     *
     * @return empty when it is none
     */
    static Optional<Condition> parse(String text) {
        var form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new Condition(form.group(1), form.group(2), form.group(3)))
                : Optional.empty();
    }

    /**
     * Whether it holds for a record.
     *
     * @throws CommandException when the record has no such field, or it has no order
     */
    boolean test(JsonObject record) throws CommandException {
        var value = field(record, field);
        int order;
        if (NUMBER.matcher(String.valueOf(value)).matches()
                && NUMBER.matcher(operand).matches()) {
            order = new BigDecimal(String.valueOf(value)).compareTo(new BigDecimal(operand));
        } else if (operator.endsWith("=") && !operator.matches("[<>]=")) {
            order = String.valueOf(value).equals(operand) ? 0 : 1;
        } else {
            throw new CommandException("--where " + field + operator + operand + ": " + value
                    + (operand.isEmpty() ? "" : " and " + operand) + " are no numbers, allowed are = and !=");
        }
        return switch (operator) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /**
     * A field of a record: of its value, or {@code sequence} and {@code time}.
     *
     * @throws CommandException when it has none of that name
     */
    static Object field(JsonObject record, String path) throws CommandException {
        var value = record.getJsonObject("value", new JsonObject());
        Object found = value;
        for (var name : path.split("\\.")) {
            if (!(found instanceof JsonObject object && object.containsKey(name))) {
                if (record.containsKey(path) && !path.equals("value")) {
                    return record.getValue(path);
                }
                throw new CommandException("field `" + path + "`: the records have none, they have "
                        + value.fieldNames() + ", sequence and time");
            }
            found = object.getValue(name);
        }
        return found;
    }
}
