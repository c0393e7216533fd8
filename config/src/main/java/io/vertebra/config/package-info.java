/**
 * What a user writes in YAML, as validated records. {@link io.vertebra.config.DescriptorReader} reads a codelet set's
 * descriptor and reports all problems at once; {@link io.vertebra.config.RuntimeSettings} holds the runtime's own.
 *
 * <pre>
 *   set.yaml --DescriptorReader--> CodeletSetDescriptor
 *                                    |-- codelets   object file, program, hook, execution, variables
 *                                    |-- streams    ring buffer map -> connectors
 *                                    |-- metrics    map -> Prometheus metric
 *                                    `-- limits     map memory, steps, events, run time, faults
 * </pre>
 */
package io.vertebra.config;
