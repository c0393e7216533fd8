/** Hooks, rings and codelet sets: all that an application needs that only places hooks. */
module io.vertebra.runtime {
    requires transitive io.vertebra.config;
    requires transitive io.vertebra.verifier;
    requires transitive io.vertebra.vm;

    exports io.vertebra.runtime.account;
    exports io.vertebra.runtime.admission;
    exports io.vertebra.runtime.codelet;
    exports io.vertebra.runtime.dispatch;
    exports io.vertebra.runtime.firing;
    exports io.vertebra.runtime.hook;
    exports io.vertebra.runtime.limit;
    exports io.vertebra.runtime.output;
    exports io.vertebra.runtime.ring;
}
