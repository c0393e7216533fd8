/**
 * {@code vertebra top}: what codelets cost, live.
 *
 * <pre>
 *   TopSample  counters at one moment     two of them --&gt; TopRow  rates between
 *   TopTable   rows, sorted, as lines or JSON              Screen  the terminal, its keys, and its restoration
 * </pre>
 */
package io.vertebra.cli.top;
