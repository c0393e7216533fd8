package io.vertebra.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file with the bearer tokens of roles, {@code viewer: TOKEN} and so on, YAML; a role that is not in it has none. It may
 * be read by its owner and group only. No message ever holds a token.
 */
public final class TokenFile {

    /** What may stand in an HTTP header and in a WebSocket sub-protocol, and is long enough not to be guessed. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~-]{32,256}");

    private static final int MAX_BYTES = 64 << 10;
    private static final Set<PosixFilePermission> FORBIDDEN =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private TokenFile() {}

    /**
     * Reads a token for each role that has one.
     *
     * @throws ConfigException when the file cannot be read, others may read it, or its content breaks rules
     */
    public static Map<Role, String> read(Path file) {
        var problems = new ArrayList<String>();
        try {
            checkPermissions(file, problems);
            var text = new String(InputFile.read(file, MAX_BYTES), StandardCharsets.UTF_8);
            var tokens = tokens(text, file, problems);
            if (!problems.isEmpty()) {
                throw new ConfigException(file.toString(), problems);
            }
            return tokens;
        } catch (IOException e) {
            throw new ConfigException(file.toString(), List.of("token file cannot be read: " + e.getMessage()));
        }
    }

    private static Map<Role, String> tokens(String text, Path file, List<String> problems) {
        Object document;
        try {
            document = YamlDocument.parse(text, "tokens");
        } catch (ConfigException _) { // its message quotes the text
            throw new ConfigException(file.toString(), List.of("not YAML, needed are lines `ROLE: TOKEN`"));
        }
        var tokens = new EnumMap<Role, String>(Role.class);
        if (document instanceof Map<?, ?> map) {
            map.forEach((label, value) -> {
                var role = Role.BY_LABEL.get(String.valueOf(label));
                if (role == null) {
                    problems.add("unknown role in a line, allowed are viewer, operator and author");
                } else if (value instanceof String token && TOKEN.matcher(token).matches()) {
                    tokens.put(role, token);
                } else {
                    problems.add("token of role `" + role.label() + "`: allowed are 32 to 256 letters, digits, `.`,"
                            + " `_`, `~` or `-`, for example of `openssl rand -hex 32`");
                }
            });
        }
        if (tokens.isEmpty() && problems.isEmpty()) {
            problems.add("no token, needed is at least one line `ROLE: TOKEN`");
        }
        if (new HashSet<>(tokens.values()).size() < tokens.size()) {
            problems.add("two roles have the same token, allowed is one role for each");
        }
        return tokens;
    }

    private static void checkPermissions(Path file, List<String> problems) throws IOException {
        if (Files.exists(file) && Files.getFileStore(file).supportsFileAttributeView("posix")) {
            var forbidden = new HashSet<>(Files.getPosixFilePermissions(file));
            forbidden.retainAll(FORBIDDEN);
            if (!forbidden.isEmpty()) {
                problems.add("others may read or write the token file, allowed is mode 0640 or less: `chmod 600 " + file
                        + "`");
            }
        }
    }
}
