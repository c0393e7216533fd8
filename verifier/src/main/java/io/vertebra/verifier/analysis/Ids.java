package io.vertebra.verifier.analysis;

/** Numbers that tell values apart within one verification. */
final class Ids {

    private int last;

    int next() {
        return ++last;
    }
}
