/** What a program may rely on where it will run. */
package io.vertebra.verifier.platform;
