/**
 * What the generated classes behind hook interfaces call when a hook fires: public, because those classes live in the
 * application's packages, but of no use to application code.
 *
 * <pre>
 *   hook method --call site--&gt; publish: EventSink.claim, context words stored, EventSink.commit, EventSink.wake
 *                        \---&gt; run:     InlineSink.enter, context words stored, InlineSink.run, InlineSink.exit
 * </pre>
 */
package io.vertebra.runtime.firing;
