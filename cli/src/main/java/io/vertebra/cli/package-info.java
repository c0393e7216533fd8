/**
 * The {@code vertebra} command: bpftool's grammar, {@code vertebra [OPTIONS] OBJECT {COMMAND}}. What the user did wrong
 * or what cannot be done is one line, {@code Error: ...}, on standard error; exit code 1 says that it failed, 2 that the
 * command line was not understood.
 */
package io.vertebra.cli;
