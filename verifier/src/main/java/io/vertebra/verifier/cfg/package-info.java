/** The form of a program, before any value is looked at: defects, meeting points of paths, live registers. */
package io.vertebra.verifier.cfg;
