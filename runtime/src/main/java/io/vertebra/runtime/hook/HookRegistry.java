package io.vertebra.runtime.hook;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The hooks of this process: what {@link Hooks#of} has made and is still in use. Points are held weakly, so that a
 * class loader whose application has gone can go too. Thread-safe.
 */
public final class HookRegistry {

    private static final List<WeakReference<HookPoint>> POINTS = new ArrayList<>();
    private static final List<Consumer<HookPoint>> LISTENERS = new CopyOnWriteArrayList<>();

    private HookRegistry() {}

    /** All hooks, by name; a hook that several class loaders declare alike is listed once. */
    public static List<HookDescriptor> hooks() {
        var descriptors = new LinkedHashSet<HookDescriptor>();
        points().forEach(point -> descriptors.add(point.descriptor()));
        return descriptors.stream()
                .sorted(Comparator.comparing(HookDescriptor::name))
                .toList();
    }

    /** The points with a name, one for each interface instance. */
    public static List<HookPoint> points(String name) {
        return points().stream()
                .filter(point -> point.descriptor().name().equals(name))
                .toList();
    }

    /** Calls a listener for each point that appears from now on, in the thread that makes it. */
    public static void addListener(Consumer<HookPoint> listener) {
        LISTENERS.add(listener);
    }

    /** Ends {@link #addListener}. */
    public static void removeListener(Consumer<HookPoint> listener) {
        LISTENERS.remove(listener);
    }

    static void add(List<HookPoint> points) {
        synchronized (POINTS) {
            POINTS.removeIf(reference -> reference.refersTo(null));
            points.forEach(point -> POINTS.add(new WeakReference<>(point)));
        }
        for (var point : points) {
            LISTENERS.forEach(listener -> listener.accept(point));
        }
    }

    private static List<HookPoint> points() {
        synchronized (POINTS) {
            List<HookPoint> live = new ArrayList<>(POINTS.size());
            for (var reference : POINTS) {
                var point = reference.get();
                if (point != null) {
                    live.add(point);
                }
            }
            return live;
        }
    }
}
