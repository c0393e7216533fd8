/**
 * Commands about object files: verify, inspect, run.
 *
 * <pre>
 *   file -- ObjectInput --&gt; ObjectFile -- NativeTarget or JbpfTarget --&gt; Target: the platform, as far as
 *                                |                                             |         the object tells it
 *                     ObjectText, ObjectJson                            Verifier, Executor
 * </pre>
 */
package io.vertebra.cli.object;
