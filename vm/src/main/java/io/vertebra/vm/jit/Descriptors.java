package io.vertebra.vm.jit;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;

/** Types as class files name them. */
final class Descriptors {

    static final ClassDesc LOOKUP = of(MethodHandles.Lookup.class);

    private Descriptors() {}

    static ClassDesc of(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    static MethodTypeDesc method(Class<?> result, Class<?>... parameters) {
        return MethodTypeDesc.of(
                of(result), Arrays.stream(parameters).map(Descriptors::of).toList());
    }
}
