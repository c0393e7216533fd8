/** Commands against a running Vertebra, over its HTTP API; shapes and words are bpftool's. */
package io.vertebra.cli.remote;
