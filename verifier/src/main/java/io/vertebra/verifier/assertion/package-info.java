/** What must hold before each instruction, told from the instruction alone. */
package io.vertebra.verifier.assertion;
