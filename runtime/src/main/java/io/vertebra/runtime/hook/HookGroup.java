package io.vertebra.runtime.hook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares an interface as a group of hooks; {@code value} is the group's name, of a-z, 0-9 and _. Where it is empty, hooks
 * are called by their {@link Hook} names alone, as jbpf's are.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface HookGroup {
    String value();
}
