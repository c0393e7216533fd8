/** eBPF programs as data and as running code; stands on the Java base module alone. */
module io.vertebra.vm {
    exports io.vertebra.vm.btf;
    exports io.vertebra.vm.conformance;
    exports io.vertebra.vm.core;
    exports io.vertebra.vm.exec;
    exports io.vertebra.vm.format;
    exports io.vertebra.vm.helper;
    exports io.vertebra.vm.isa;
    exports io.vertebra.vm.map;
    exports io.vertebra.vm.object;
    exports io.vertebra.vm.program;
}
