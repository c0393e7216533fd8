package io.vertebra.runtime.hook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A control hook: one codelet runs inline in the firing thread and its result is the method's. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Control {
    /** The result while no codelet is attached, and when the codelet failed or found no slot. */
    long whenDetached();
}
