/**
 * From a fired hook to a finished run, and the account of what happened on the way.
 *
 * <pre>
 *   hook --QueuedTable--&gt; EventRing of a core --CoreDispatcher--&gt; Attachment.run
 *    |                      record: table id, captured moment, context, payload
 *    `--InlineTable--&gt; InlineSlots ------------------------------&gt; Attachment.run
 * </pre>
 *
 * <p>What is attached to a hook is an immutable table. Attaching and detaching make a new table, lead the hook's call
 * site to it, and close the old one. An event names the table that it was fired against, so it runs the codelets that
 * were attached then; those detached meanwhile count it as dropped. A closed table sends threads that still reach it on
 * to its successor, and is forgotten when all its events have been handled.
 */
package io.vertebra.runtime.dispatch;
