/**
 * Statistics for codelets: hooks that the runtime itself fires, by its timer, while a codelet of it is attached to them.
 *
 * <pre>
 *   report_stats                  each second, of all hooks at once, as jbpf lays it out
 *   periodic_call                 each 10 ms, jbpf's
 *   vertebra/codelet_statistics   each second, an event for each attached codelet
 *   vertebra/hook_statistics      each second, an event for each hook with codelets
 * </pre>
 *
 * <p>Numbers are of the time since the report before. Where several runtimes of a process report, their codelets get each
 * other's reports too.
 */
package io.vertebra.runtime.report;
