package io.vertebra.connectors.spi;

import java.util.BitSet;

/**
 * What became of the records of one send.
 *
 * @param delivered records that the destination has acknowledged
 * @param refused records that it will never take, whenever they come: too large, for example
 * @param again the indices of the others: they shall be sent again, after a pause
 */
public record SendResult(int delivered, int refused, BitSet again) {

    /** Everything arrived. */
    public static SendResult delivered(int records) {
        return new SendResult(records, 0, new BitSet());
    }

    /** Nothing arrived, and all shall come again. */
    public static SendResult again(int records) {
        var all = new BitSet();
        all.set(0, records);
        return new SendResult(0, 0, all);
    }
}
