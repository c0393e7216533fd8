package io.vertebra.runtime.hook;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Writes the class behind a hook interface. A hook method calls through a constant of the class data, the invoker of
 * its call site, so that C2 sees what is attached; {@code publish$i} and {@code run$i} are what a call site leads to
 * once something is.
 */
final class HookClassWriter {

    /** Class data index of the call site's invoker of hook i; that of its guard follows. */
    private static final int CONSTANTS_PER_HOOK = 2;

    private final Class<?> type;
    private final ClassDesc self;
    private final List<HookMethod> hooks;

    private HookClassWriter(Class<?> type, List<HookMethod> hooks) {
        this.type = type;
        this.self = ClassDesc.of(type.getName() + "$Hooks");
        this.hooks = hooks;
    }

    /** The class file; its class data must be a list with two method handles for each hook. */
    static byte[] write(Class<?> type, List<HookMethod> hooks) {
        return new HookClassWriter(type, hooks).write();
    }

    static String publishName(int hook) {
        return "publish$" + hook;
    }

    static String runName(int hook) {
        return "run$" + hook;
    }

    private byte[] write() {
        return ClassFile.of().build(self, builder -> {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC)
                    .withInterfaceSymbols(ArgumentBytecode.desc(type))
                    .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            ClassFile.ACC_PUBLIC,
                            code -> code.aload(0)
                                    .invokespecial(CD_Object, INIT_NAME, MTD_void)
                                    .return_());
            for (int i = 0; i < hooks.size(); i++) {
                int index = i;
                var hook = hooks.get(i);
                var type = ArgumentBytecode.methodType(hook.method());
                builder.withMethodBody(
                        hook.method().getName(),
                        type,
                        ClassFile.ACC_PUBLIC,
                        code -> forward(code, hook.method(), CONSTANTS_PER_HOOK * index));
                hook.enabled()
                        .ifPresent(guard -> builder.withMethodBody(
                                guard.getName(),
                                ArgumentBytecode.methodType(guard),
                                ClassFile.ACC_PUBLIC,
                                code -> forward(code, guard, CONSTANTS_PER_HOOK * index + 1)));
                var bytecode = new HookBytecode(self, index, hook);
                int helper = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;
                builder.withMethodBody(HookBytecode.marshalName(i), bytecode.marshalType(), helper, bytecode::marshal);
                if (!hook.descriptor().control()) {
                    builder.withMethodBody(publishName(i), bytecode.publishType(), helper, bytecode::publish);
                }
                builder.withMethodBody(runName(i), bytecode.runType(), helper, bytecode::run);
            }
        });
    }

    /** Calls the invoker in the class data with the method's own arguments. */
    private static void forward(CodeBuilder code, Method method, int constant) {
        var type = ArgumentBytecode.methodType(method);
        code.loadConstant(DynamicConstantDesc.ofNamed(
                ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, CD_MethodHandle, constant));
        for (int i = 0; i < method.getParameterCount(); i++) {
            code.loadLocal(TypeKind.from(method.getParameterTypes()[i]), code.parameterSlot(i));
        }
        code.invokevirtual(CD_MethodHandle, "invokeExact", type).return_(TypeKind.from(method.getReturnType()));
    }
}
