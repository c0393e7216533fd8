package io.vertebra.runtime.hook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the values of an integer or boolean parameter are called, from 0 on: metrics show them with the decoder
 * {@code hook_names}. An enum parameter needs none, it has its constants' names. Nothing of it is done when a hook fires.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Names {
    /** The names of 0, 1, 2, ...; at least one. */
    String[] value();
}
