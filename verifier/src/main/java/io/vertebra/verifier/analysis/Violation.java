package io.vertebra.verifier.analysis;

/**
 * Why a state does not entail an assertion; the explorer makes a finding of it by adding place and path.
 *
 * @param problem what is wrong
 * @param known what is known
 * @param needed what must hold
 * @param hint what would fix it, or empty
 */
record Violation(String problem, String known, String needed, String hint) {}
