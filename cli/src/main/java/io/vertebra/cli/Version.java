package io.vertebra.cli;

import picocli.CommandLine.IVersionProvider;

/** What this build calls itself; the number comes from the jar's manifest. */
final class Version implements IVersionProvider {

    static String text() {
        var number = Version.class.getPackage().getImplementationVersion();
        return "vertebra " + (number == null ? "(unpackaged)" : number) + ", Java " + Runtime.version();
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }
}
