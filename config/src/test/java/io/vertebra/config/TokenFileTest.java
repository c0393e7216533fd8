package io.vertebra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenFileTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdeX";

    @TempDir
    Path folder;

    @Test
    void shouldReadATokenForEachRole() throws Exception {
        var file = write("rw-r-----", "viewer: " + TOKEN + "\nauthor: " + TOKEN + "2\n");
        assertThat(TokenFile.read(file)).isEqualTo(Map.of(Role.VIEWER, TOKEN, Role.AUTHOR, TOKEN + "2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rw-------|viewer: short" + TOKEN + "#{}|token of role `viewer`: allowed are 32 to 256",
                "rw-------|king: " + TOKEN + "|unknown role in a line",
                "rw-------|{viewer: " + TOKEN + ", author: " + TOKEN + "}|two roles have the same token",
                "rw-------|" + TOKEN + "|no token, needed is at least one line",
                "rw-------|'viewer: \"" + TOKEN + "'|not YAML",
                "rw-r--r--|viewer: " + TOKEN + "|others may read or write the token file",
                "rw-rw----|viewer: " + TOKEN + "|others may read or write the token file",
            })
    void shouldSayWhatIsWrongWithoutTheToken(String permissions, String text, String problem) throws Exception {
        var file = write(permissions, text.replace("short", "  short "));
        var failure = catchThrowableOfType(ConfigException.class, () -> TokenFile.read(file));
        assertThat(failure.problems()).singleElement().asString().startsWith(problem);
        assertThat(failure.toString()).doesNotContain(TOKEN);
    }

    @Test
    void shouldSayThatThereIsNoFile() {
        var failure = catchThrowableOfType(ConfigException.class, () -> TokenFile.read(folder.resolve("none")));
        assertThat(failure).hasMessage(folder.resolve("none") + ": token file cannot be read: no such file");
    }

    private Path write(String permissions, String text) throws Exception {
        var file = Files.writeString(folder.resolve("tokens.yaml"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
