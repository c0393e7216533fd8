/**
 * Records on disk until their destination has them: what {@code delivery: at-least-once} means.
 *
 * <pre>
 *   bus -- batch --> SpooledQueue: in memory, at most max_delay --> SpoolStore: on disk --> DurableConnector.send
 *                         |                                             ^                        |
 *                         spool_full                                    +---- removed, when acknowledged
 * </pre>
 *
 * <p>A record is safe from the end of the process when it is on disk; it is sent only then. After a kill, what is on disk
 * is sent; so the destination may get records twice whose acknowledgement was not yet noted, and only then. What had not
 * reached the disk is lost and counted: a count of what codelets submitted lies in memory that outlives the process
 * ({@link io.vertebra.connectors.spool.CountsFile}), the count of what was taken over is part of each commit, and the next
 * start tells the difference as {@code lost_in_crash}.
 */
package io.vertebra.connectors.spool;
