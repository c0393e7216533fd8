package io.vertebra.runtime.stress;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.List;
import java.util.Locale;

/**
 * What this JVM holds on to.
 *
 * @param heap bytes of live objects
 * @param offHeap bytes of direct buffers and native memory segments
 * @param metaspace bytes of metadata of classes
 * @param classes classes that are loaded, hidden ones included
 */
record MemoryUse(long heap, long offHeap, long metaspace, long classes) {

    private static final int COLLECTIONS = 20;
    private static final long SETTLE_MILLIS = 50;

    /** What is left after garbage collections that no longer find anything. */
    static MemoryUse settled() throws InterruptedException {
        var least = collected();
        int unchanged = 0;
        for (int i = 0; i < COLLECTIONS && unchanged < 3; i++) {
            var next = collected();
            unchanged = next.classes == least.classes && next.heap > least.heap - 1024 ? unchanged + 1 : 0;
            least = next;
        }
        return least;
    }

    private static MemoryUse collected() throws InterruptedException {
        System.gc();
        Thread.sleep(SETTLE_MILLIS); // reference handlers and cleaners have their turn
        return new MemoryUse(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                buffers().stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum(),
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getName().equals("Metaspace"))
                        .mapToLong(MemoryUse::used)
                        .sum(),
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }

    private static List<BufferPoolMXBean> buffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
    }

    private static long used(MemoryPoolMXBean pool) {
        return pool.getUsage().getUsed();
    }

    /** Whether nothing of what was made between the two is still there, but for what the JVM itself learns and caches. */
    boolean isFlat(MemoryUse before) {
        return heap - before.heap <= 512 << 10
                && offHeap - before.offHeap <= 64 << 10
                && metaspace - before.metaspace <= 4 << 20
                && classes - before.classes <= 50;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %,d KiB, off-heap %,d KiB, metaspace %,d KiB, %,d classes",
                heap >> 10,
                offHeap >> 10,
                metaspace >> 10,
                classes);
    }
}
