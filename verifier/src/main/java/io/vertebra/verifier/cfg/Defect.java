package io.vertebra.verifier.cfg;

/**
 * Something wrong with a program's form, whatever its values are.
 *
 * @param slot the instruction
 * @param problem what is wrong
 * @param needed what must hold
 */
public record Defect(int slot, String problem, String needed) {}
