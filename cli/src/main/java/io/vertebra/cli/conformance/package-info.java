/** Commands that run the public conformance suites, and that take part in them. */
package io.vertebra.cli.conformance;
