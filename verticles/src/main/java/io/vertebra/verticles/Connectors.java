package io.vertebra.verticles;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.ConnectorFactory;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the factory that a settings record belongs to. */
final class Connectors {

    private Connectors() {}

    /**
     * Makes a connector.
     *
     * @throws ConnectorException when no factory takes the settings, or its client library is missing
     */
    static Connector create(ConnectorContext context, Record settings) {
        try {
            for (ConnectorFactory<?> factory : factories()) {
                if (factory.settingsType().isInstance(settings)) {
                    return create(factory, context, settings);
                }
            }
        } catch (ServiceConfigurationError | NoClassDefFoundError e) {
            throw new ConnectorException(
                    "connector `" + context.name() + "`: its library is missing: " + e.getMessage(), e);
        }
        throw new ConnectorException("connector `" + context.name() + "`: no connector takes settings of "
                + settings.getClass().getName());
    }

    /** Whether there is a kind of connector with this name. */
    static boolean isKind(String name) {
        for (ConnectorFactory<?> factory : factories()) {
            if (factory.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("rawtypes") // ServiceLoader knows classes, not their parameters
    private static ServiceLoader<ConnectorFactory> factories() {
        return ServiceLoader.load(ConnectorFactory.class, Connectors.class.getClassLoader());
    }

    private static <S extends Record> Connector create(
            ConnectorFactory<S> factory, ConnectorContext context, Record settings) {
        return factory.create(context, factory.settingsType().cast(settings));
    }
}
