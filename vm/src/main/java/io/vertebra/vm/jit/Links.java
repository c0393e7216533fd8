package io.vertebra.vm.jit;

import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the methods of a program are that is several classes. A hidden class has no name by which others could call it, so
 * they call by {@code invokedynamic}; its call site never changes, and HotSpot compiles it like a direct call.
 */
final class Links {

    private static final DirectMethodHandleDesc BOOTSTRAP = MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            Descriptors.of(Links.class),
            "link",
            Descriptors.method(CallSite.class, Lookup.class, String.class, MethodType.class));

    private final Map<String, Lookup> places = new ConcurrentHashMap<>();

    /** Notes the class that has some methods. */
    void add(Iterable<String> methods, Lookup place) {
        methods.forEach(name -> places.put(name, place));
    }

    /** A call of a method in another class. */
    static DynamicCallSiteDesc callSite(String name, MethodTypeDesc type) {
        return DynamicCallSiteDesc.of(BOOTSTRAP, name, type);
    }

    /** Links a call when it is first made; the class data of the caller begins with the links. */
    static CallSite link(Lookup caller, String name, MethodType type) throws ReflectiveOperationException {
        var links = MethodHandles.classDataAt(caller, ConstantDescs.DEFAULT_NAME, Links.class, 0);
        var place = links.places.get(name);
        return new ConstantCallSite(place.findStatic(place.lookupClass(), name, type));
    }
}
