package io.vertebra.runtime.hook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The names that a parameter had in older versions of its hook: codelets which were compiled against these still find it
 * when they are relocated (CO-RE).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface WasNamed {
    /** Former names, of the parameter or of its field: {@code routeId} and {@code route_id} are the same. */
    String[] value();
}
