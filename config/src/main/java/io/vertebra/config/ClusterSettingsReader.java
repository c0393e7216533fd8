package io.vertebra.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the section {@code cluster}. */
final class ClusterSettingsReader {

    private static final Pattern ANY = Pattern.compile("(?s).{1,4096}");
    private static final Map<String, Boolean> YES_OR_NO = Map.of("true", true, "false", false);

    private ClusterSettingsReader() {}

    /**
     * The settings; empty when the section does not enable them.
     *
     * @param folder what relative paths start from
     * @param runFolder where the secret is kept when the section names no file
     * @throws ConfigException when values break rules that are not the section's form
     */
    static Optional<ClusterSettings> read(Section section, Path folder, Path runFolder) {
        var defaults = ClusterSettings.defaults(runFolder);
        boolean enabled = yes(section, "enabled");
        var name = section.text("name", ClusterSettings.NAME).orElse(defaults.name());
        var member = section.text("member", ClusterSettings.NAME);
        var host = section.text("host", ANY).orElse(defaults.host());
        boolean trusted = yes(section, "trusted_network");
        int port = (int)
                section.integer("port", Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(defaults.port());
        var members = section.texts("members", ANY);
        var lostAfter = section.duration("lost_after").orElse(defaults.lostAfter());
        var secret = section.text("secret_file", ANY).map(folder::resolve).orElse(defaults.secretFile());
        int bytes = (int) Math.min(Integer.MAX_VALUE, section.size("max_bytes").orElse(defaults.maxBytes()));
        section.close();
        var settings = new ClusterSettings(name, member, host, trusted, port, members, lostAfter, secret, bytes);
        return enabled ? Optional.of(settings) : Optional.empty();
    }

    private static boolean yes(Section section, String key) {
        return section.choice(key, YES_OR_NO, Set.of()).orElse(false);
    }
}
