/** What commands share: how they print, how they fail, and options that several of them have. */
package io.vertebra.cli.option;
