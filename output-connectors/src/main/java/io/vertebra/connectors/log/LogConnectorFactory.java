package io.vertebra.connectors.log;

import io.vertebra.config.LogSettings;
import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorFactory;

/** Makes log connectors. */
public final class LogConnectorFactory implements ConnectorFactory<LogSettings> {

    @Override
    public String name() {
        return "log";
    }

    @Override
    public Class<LogSettings> settingsType() {
        return LogSettings.class;
    }

    @Override
    public Connector create(ConnectorContext context, LogSettings settings) {
        return new LogConnector(context, settings);
    }
}
