/** How a verification came to its verdict, for readers. */
package io.vertebra.verifier.log;
