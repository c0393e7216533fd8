package io.vertebra.runtime.hook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Bytes between {@code data} and {@code data_end} in the codelet: a byte[], ByteBuffer or MemorySegment parameter. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Payload {
    /** Whether an inline codelet may write to it. */
    boolean writable() default false;
}
