package io.vertebra.connectors.metrics;

import io.vertebra.vm.program.MapSpec;
import java.util.List;

/** The number that a counter or gauge shows of a map's values. Immutable and thread-safe. */
public final class MapNumber {

    private final Field field;
    private final Scale scale;

    /**
     * A number.
     *
     * @param name member of the value struct, empty when the value is the number
     * @param multiplier raw unit to base unit
     * @throws io.vertebra.connectors.spi.ConnectorException when the value has no such number
     */
    public MapNumber(MapSpec map, String name, double multiplier) {
        this.field = Layouts.number(map, name);
        this.scale = new Scale(multiplier);
    }

    /** The number in base units, summed over the copies of a per-CPU map. */
    public double of(List<byte[]> values) {
        double sum = 0;
        for (var value : values) {
            sum += field.number(value);
        }
        return scale.of(sum);
    }
}
