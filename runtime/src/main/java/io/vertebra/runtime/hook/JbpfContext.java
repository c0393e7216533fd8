package io.vertebra.runtime.hook;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a hook the context that codelets of jbpf's ABI expect: {@code data}, {@code data_end} and {@code meta_data}, of 8
 * bytes each, then the other parameters in their order. The first parameter is the payload; {@code meta_data} holds its
 * length. A hook {@code (payload, int ctxId)} has jbpf's generic context.
 *
 * <pre>{@code
 * @HookGroup("")
 * interface RadioHooks {
 *     @Hook("test1") @JbpfContext
 *     void test1(@Payload(writable = true) MemorySegment data, int ctxId);
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface JbpfContext {}
