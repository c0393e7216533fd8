/** The verdict on a program as a value, and its text. */
package io.vertebra.verifier.report;
