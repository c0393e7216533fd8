/**
 * Codelet sets and their life: from a descriptor to running codelets, whole or not at all.
 *
 * <pre>
 *   set.yaml --DescriptorReader--&gt; CodeletSetDescriptor --ObjectFile.read--&gt; OpenSet
 *                                                                            | set variables
 *   Attached &lt;-- attach all -- make maps &lt;-- verify all &lt;-- find hooks, compare contexts
 *      `-- unload --&gt; Draining --&gt; Unloaded
 * </pre>
 */
package io.vertebra.runtime.codelet;
