package io.vertebra.connectors.metrics;

import io.vertebra.config.Decoder;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookRegistry;
import io.vertebra.vm.program.ContextLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds the names that the application gives to the values of a hook's field. */
final class HookNames {

    private HookNames() {}

    /**
     * The names by value.
     *
     * @throws ConnectorException when there is no such hook or field, or the field has no names
     */
    static Map<Long, String> of(Decoder.HookNames decoder) {
        var hooks = HookRegistry.hooks().stream()
                .filter(hook -> hook.name().equals(decoder.hook()))
                .toList();
        if (hooks.isEmpty()) {
            throw new ConnectorException("hook_names: no hook `" + decoder.hook()
                    + "` in this process; `vertebra hook list` shows those that there are");
        }
        var hook = hooks.getFirst();
        var field = field(hook, decoder.field());
        var names = hook.names().getOrDefault(field.name(), List.of());
        if (names.isEmpty()) {
            throw new ConnectorException("hook_names: field `" + field.name() + "` of hook `" + hook.name()
                    + "` has no names; in " + hook.declaredBy() + ", an enum type or @Names gives them");
        }
        var byValue = new HashMap<Long, String>();
        for (int value = 0; value < names.size(); value++) {
            byValue.put((long) value, names.get(value));
        }
        return Map.copyOf(byValue);
    }

    private static ContextLayout.Field field(HookDescriptor hook, String name) {
        var fields = hook.context().fields();
        return fields.stream()
                .filter(field ->
                        field.name().equals(name) || field.formerNames().contains(name))
                .findFirst()
                .orElseThrow(() -> new ConnectorException("hook_names: hook `" + hook.name() + "` has no field `" + name
                        + "`, it has "
                        + fields.stream().map(ContextLayout.Field::name).collect(Collectors.joining(", "))));
    }
}
