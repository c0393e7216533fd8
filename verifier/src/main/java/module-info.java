/** Static verification of eBPF programs. */
module io.vertebra.verifier {
    requires transitive io.vertebra.vm;

    exports io.vertebra.verifier;
    exports io.vertebra.verifier.platform;
    exports io.vertebra.verifier.report;
}
