/** {@code vertebra doctor}: whether this machine and these settings are fit for Vertebra, check by check. */
package io.vertebra.cli.doctor;
