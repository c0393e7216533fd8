package io.vertebra.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the files are that a descriptor has paths for. */
sealed interface ObjectFolder {

    /** A path as it stands there; what is none is a problem of the section. */
    Path path(Section section, String key, String text);

    /** A path in which {@code ${NAME}} stands for a variable. */
    Path expanded(Section section, String key, String text);

    /**
     * Where the descriptor says.
     *
     * @param folder what relative paths start from
     * @param environment the variables
     */
    record Relative(Path folder, Map<String, String> environment) implements ObjectFolder {

        private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

        @Override
        public Path path(Section section, String key, String text) {
            return resolved(folder, section, key, text);
        }

        @Override
        public Path expanded(Section section, String key, String text) {
            return path(section, key, VARIABLE.matcher(text).replaceAll(match -> value(section, key, match)));
        }

        private String value(Section section, String key, MatchResult variable) {
            String value = environment.get(variable.group(1));
            if (value == null) {
                section.problem(key, "`" + variable.group() + "` is not in the environment", "a variable that is");
                return "";
            }
            return Matcher.quoteReplacement(value);
        }
    }

    /**
     * Under the last name of their paths, all beside each other.
     *
     * @param folder where they are
     * @param paths what was asked for so far, by its last name
     */
    record Uploaded(Path folder, Map<String, String> paths) implements ObjectFolder {
        @Override
        public Path path(Section section, String key, String text) {
            var name = text.substring(text.lastIndexOf('/') + 1);
            var other = paths.putIfAbsent(name, text);
            if (other != null && !other.equals(text)) {
                section.problem(key, "`" + text + "`, and `" + other + "` ends in the same name", "another name");
            }
            return resolved(folder, section, key, name);
        }

        @Override
        public Path expanded(Section section, String key, String text) {
            return path(section, key, text);
        }
    }

    private static Path resolved(Path folder, Section section, String key, String text) {
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            section.problem(key, "`" + text + "`: " + e.getReason(), "a path");
            return folder;
        }
    }
}
