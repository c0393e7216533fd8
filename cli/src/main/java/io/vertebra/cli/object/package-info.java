/**
 * Commands about object files: verify, inspect, run.
 *
 * <pre>
 *   file -- ObjectInput --&gt; ObjectFile -- NativeTarget --&gt; platform as far as the object tells it
 *                                |                             |
 *                     ObjectText, ObjectJson            Verifier, Executor
 * </pre>
 */
package io.vertebra.cli.object;
