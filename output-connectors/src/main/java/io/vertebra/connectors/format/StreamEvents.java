package io.vertebra.connectors.format;

import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.EventAttributes;
import io.vertebra.runtime.output.StreamDescriptor;
import java.util.HashMap;
import java.util.Map;

/** How the records of a connector's streams become events. Belongs to one thread. */
public final class StreamEvents {

    private final ConnectorContext context;
    private final Map<String, EventJson> byName = new HashMap<>();

    /** The events of a connector. */
    public StreamEvents(ConnectorContext context) {
        this.context = context;
    }

    /** Those of a stream; a set that was loaded anew has another one of the same name. */
    public EventJson of(StreamDescriptor stream) {
        var known = byName.get(stream.name());
        if (known != null && known.attributes().stream().equals(stream)) {
            return known;
        }
        var made = new EventJson(EventAttributes.of(stream, context), RecordFormat.of(stream));
        byName.put(stream.name(), made);
        return made;
    }
}
