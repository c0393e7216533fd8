package io.vertebra.config;

import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The line of each value of a YAML document, counted from 1, by its path: {@code http.port}, {@code codelet_sets[0]}. */
final class YamlLines {

    private final Map<String, Integer> lines = new HashMap<>();

    private YamlLines() {}

    /** The lines below a document's root, whose nesting is bounded. */
    static Map<String, Integer> of(Node root) {
        var lines = new YamlLines();
        lines.below("", root);
        return lines.lines;
    }

    private void below(String path, Node node) {
        switch (node) {
            case MappingNode mapping ->
                mapping.getValue().forEach(pair -> {
                    if (pair.getKeyNode() instanceof ScalarNode key) {
                        at(path.isEmpty() ? key.getValue() : path + "." + key.getValue(), key, pair.getValueNode());
                    }
                });
            case SequenceNode sequence -> {
                for (int i = 0; i < sequence.getValue().size(); i++) {
                    at(
                            path + "[" + i + "]",
                            sequence.getValue().get(i),
                            sequence.getValue().get(i));
                }
            }
            default -> {}
        }
    }

    private void at(String path, Node start, Node value) {
        start.getStartMark().ifPresent(mark -> lines.put(path, mark.getLine() + 1));
        below(path, value);
    }
}
