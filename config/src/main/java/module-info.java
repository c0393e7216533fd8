/** Settings and codelet-set descriptors as validated records. */
module io.vertebra.config {
    requires org.snakeyaml.engine;

    exports io.vertebra.config;
}
