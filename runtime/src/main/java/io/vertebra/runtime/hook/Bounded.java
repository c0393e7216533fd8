package io.vertebra.runtime.hook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The capacity in UTF-8 bytes of a string parameter, 1 to 4,096; longer text is cut at a code point. Default 64. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Bounded {
    int value();
}
