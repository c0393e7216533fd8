package io.vertebra.vm.helper;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An interface whose methods are helpers that codelets may call. See {@link HelperBinder}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface HelperGroup {
    /** What the names of the helpers begin with: snake case, for example {@code gateway}; may be empty. */
    String value();

    /** Which codelets can call the helpers. */
    HelperAbi abi() default HelperAbi.NATIVE;

    /** The number of a method of a {@link HelperGroup}. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface Helper {
        /** Among those of the group's {@link HelperAbi}: what codelets call. It must never change. */
        int id();

        /**
         * Whether it takes the place of a built-in helper, whose number it has then; its parameters are numbers as that
         * helper's are.
         */
        boolean overrides() default false;
    }

    /** A {@code MemorySegment} that the method fills: it is writable, and all zeros when the method begins. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.PARAMETER)
    @interface Filled {}
}
