package io.vertebra.verifier.report;

/**
 * What a verification cost.
 *
 * @param instructions instructions processed, once for each path that they were looked at on
 * @param states states stored to compare others with
 * @param peakStates most states kept at once
 * @param nanos time from begin to end, nanoseconds
 */
public record Statistics(long instructions, long states, long peakStates, long nanos) {}
