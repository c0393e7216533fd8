package io.vertebra.runtime.hook;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.runtime.firing.Words;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.program.ContextLayout.Field;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/**
 * Code that reads a hook method's arguments; {@code first} is the number of parameters before them in the method that
 * the code is in.
 */
final class ArgumentBytecode {

    private static final ClassDesc WORDS = desc(Words.class);

    private final HookMethod hook;
    private final List<ClassDesc> parameters;

    ArgumentBytecode(HookMethod hook) {
        this.hook = hook;
        this.parameters = methodType(hook.method()).parameterList();
    }

    static ClassDesc desc(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    static MethodTypeDesc methodType(Method method) {
        return MethodTypeDesc.of(
                desc(method.getReturnType()),
                Arrays.stream(method.getParameterTypes())
                        .map(ArgumentBytecode::desc)
                        .toList());
    }

    /** Pushes all arguments. */
    void pushAll(CodeBuilder code, int first) {
        for (int i = 0; i < parameters.size(); i++) {
            code.loadLocal(TypeKind.from(hook.method().getParameterTypes()[i]), code.parameterSlot(first + i));
        }
    }

    /**
     * Pushes a field's bits as a long whose other bits are 0.
     *
     * @param size the local with the payload's size as an int
     */
    void pushField(CodeBuilder code, Field field, int first, int size) {
        switch (field.kind()) {
            case PAYLOAD -> code.loadConstant(Addresses.PAYLOAD);
            case PAYLOAD_END ->
                code.loadConstant(Addresses.PAYLOAD).iload(size).i2l().ladd();
            case SCALAR -> {
                pushScalar(code, field, first);
                if (field.size() < Long.BYTES) {
                    code.loadConstant(-1L >>> (Long.SIZE - field.size() * Byte.SIZE))
                            .land();
                }
            }
            case STRING -> throw new IllegalArgumentException("field " + field.name() + " is a string");
        }
    }

    private void pushScalar(CodeBuilder code, Field field, int first) {
        for (int i = 0; i < hook.arguments().size(); i++) {
            if (hook.arguments().get(i).field().equals(field)) {
                pushLong(code, i, first);
                return;
            }
        }
        pushPayloadSize(code, first); // the one field that is no parameter itself
        code.i2l();
    }

    private void pushLong(CodeBuilder code, int argument, int first) {
        int slot = code.parameterSlot(first + argument);
        switch (hook.arguments().get(argument).shape()) {
            case LONG -> code.lload(slot);
            case BOOLEAN, BYTE, SHORT, CHAR, INT -> code.iload(slot).i2l();
            case FLOAT ->
                code.fload(slot)
                        .invokestatic(
                                desc(Float.class), "floatToRawIntBits", MethodTypeDesc.of(CD_int, desc(float.class)))
                        .i2l();
            case DOUBLE ->
                code.dload(slot)
                        .invokestatic(
                                desc(Double.class),
                                "doubleToRawLongBits",
                                MethodTypeDesc.of(CD_long, desc(double.class)));
            case ENUM ->
                code.aload(slot)
                        .invokestatic(WORDS, "ordinal", MethodTypeDesc.of(CD_int, desc(Enum.class)))
                        .i2l();
            case TEXT ->
                code.aload(slot).invokestatic(WORDS, "key", MethodTypeDesc.of(CD_long, desc(CharSequence.class)));
            case BYTE_ARRAY, BYTE_BUFFER, SEGMENT ->
                throw new IllegalArgumentException(
                        "a payload of type " + parameters.get(argument).displayName() + " is no number");
        }
    }

    /** Pushes the argument that chooses the core; false when there is none. */
    boolean pushKey(CodeBuilder code, int first) {
        for (int i = 0; i < hook.arguments().size(); i++) {
            if (hook.arguments().get(i).key()) {
                pushLong(code, i, first);
                return true;
            }
        }
        return false;
    }

    /** Pushes the payload's size, 0 without one. */
    void pushPayloadSize(CodeBuilder code, int first) {
        if (hook.payload().isEmpty()) {
            code.iconst_0();
            return;
        }
        var type = pushPayload(code, first);
        code.invokestatic(WORDS, "size", MethodTypeDesc.of(CD_int, type));
    }

    /** Pushes the payload, null without one. */
    void pushPayloadOrNull(CodeBuilder code, int first) {
        if (hook.payload().isEmpty()) {
            code.aconst_null();
        } else {
            pushPayload(code, first);
        }
    }

    /** Pushes the argument that is the payload; gives its type. */
    ClassDesc pushPayload(CodeBuilder code, int first) {
        int argument = hook.arguments().indexOf(hook.payload().orElseThrow());
        code.aload(code.parameterSlot(first + argument));
        return parameters.get(argument);
    }

    /** Pushes what the method returns without a codelet, and returns it. */
    void returnOtherwise(CodeBuilder code) {
        var result = TypeKind.from(hook.method().getReturnType());
        if (result != TypeKind.VOID) {
            code.loadConstant(hook.descriptor().whenDetached());
            convert(code);
        }
        code.return_(result);
    }

    /** From r0 to the method's result. */
    void convert(CodeBuilder code) {
        switch (TypeKind.from(hook.method().getReturnType())) {
            case VOID -> code.pop2();
            case LONG -> {}
            case BOOLEAN -> {
                var zero = code.newLabel();
                var end = code.newLabel();
                code.lconst_0().lcmp().ifeq(zero).iconst_1().goto_(end);
                code.labelBinding(zero).iconst_0().labelBinding(end);
            }
            case BYTE -> code.l2i().i2b();
            case SHORT -> code.l2i().i2s();
            case CHAR -> code.l2i().i2c();
            case INT -> code.l2i();
            case FLOAT, DOUBLE, REFERENCE ->
                throw new IllegalArgumentException(
                        "result of " + hook.descriptor().declaredBy());
        }
    }
}
