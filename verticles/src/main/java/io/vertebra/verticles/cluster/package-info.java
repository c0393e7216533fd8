/**
 * A fleet: several Vertebras that load codelet sets of scope cluster together, over a Vert.x cluster of their own.
 *
 * <p>Each member keeps all that it needs: a {@link io.vertebra.verticles.cluster.FleetTable} with the newest entry of each
 * set and the files that entries name by their SHA-256. Three messages carry it from one to the other, all authenticated by
 * a common secret:
 *
 * <pre>
 *   beat   to all, every fifth of `lost_after` and after a change: who I am, how my sets are, the digest of my table
 *   table  asked of a member whose digest differs: its entries, of which the newer ones are taken over
 *   file   asked of the same member by SHA-256: a file of an entry
 * </pre>
 *
 * <p>Entries are ordered, so tables become the same in whatever order messages come, and a member that was cut off catches
 * up with its first beats. What a member loads is decided by itself alone: by its hooks, its verifier, its policy.
 */
package io.vertebra.verticles.cluster;
