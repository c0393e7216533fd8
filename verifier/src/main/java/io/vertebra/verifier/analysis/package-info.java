/**
 * The exploration of a program's paths: the {@code Checker} asks whether a state entails an assertion and changes nothing, the
 * {@code Transformer} computes effects and judges nothing, the {@code Explorer} decides whether all is explored once more, with fewer
 * general states or with numbers told in cases.
 */
package io.vertebra.verifier.analysis;
