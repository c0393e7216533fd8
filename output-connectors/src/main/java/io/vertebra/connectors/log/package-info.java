/**
 * Records as lines of JSON, on standard output or in a file with generations.
 *
 * <p>A line is a CloudEvent in the JSON format, {@code
 * {"specversion":"1.0","id":"slow/7","source":"...","type":"io.vertebra.slow","time":"...","data":{...}}}.
 */
package io.vertebra.connectors.log;
