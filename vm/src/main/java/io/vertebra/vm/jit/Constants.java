package io.vertebra.vm.jit;

import io.vertebra.vm.exec.CompiledProgram;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The live objects that generated code refers to: static final fields, filled from the class data, so that HotSpot treats
 * them as constants.
 */
final class Constants {

    private final ClassDesc owner;
    private final IdentityHashMap<Object, Map<Class<?>, Integer>> numbers = new IdentityHashMap<>();
    private final List<Object> values = new ArrayList<>();
    private final List<ClassDesc> types = new ArrayList<>();

    Constants(ClassDesc owner) {
        this.owner = owner;
    }

    /** Pushes an object as a type that it has. */
    void push(CodeBuilder code, Object value, Class<?> type) {
        int number = numbers.computeIfAbsent(value, _ -> new HashMap<>()).computeIfAbsent(type, t -> {
            values.add(value);
            types.add(Descriptors.of(t));
            return values.size() - 1;
        });
        code.getstatic(owner, name(number), types.get(number));
    }

    private static String name(int number) {
        return "constant" + number;
    }

    /** How many there are. */
    int size() {
        return values.size();
    }

    /** What the class data has to be. */
    List<Object> data(Links links) {
        var data = new ArrayList<Object>();
        data.add(links);
        data.addAll(values);
        return List.copyOf(data);
    }

    /** Declares the fields and fills them; then the class's initialisation goes on with what is given. */
    void declare(ClassBuilder builder, Consumer<CodeBuilder> then) {
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
        for (int i = 0; i < values.size(); i++) {
            builder.withField(name(i), types.get(i), flags);
        }
        builder.withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> {
            initialise(code);
            then.accept(code);
            code.return_();
        });
    }

    private void initialise(CodeBuilder code) {
        var list = Descriptors.of(List.class);
        int data = code.allocateLocal(java.lang.classfile.TypeKind.REFERENCE);
        code.invokestatic(Descriptors.of(MethodHandles.class), "lookup", MethodTypeDesc.of(Descriptors.LOOKUP))
                .loadConstant(ConstantDescs.DEFAULT_NAME)
                .loadConstant(list)
                .invokestatic(
                        Descriptors.of(MethodHandles.class),
                        "classData",
                        MethodTypeDesc.of(
                                ConstantDescs.CD_Object,
                                Descriptors.LOOKUP,
                                ConstantDescs.CD_String,
                                ConstantDescs.CD_Class))
                .checkcast(list)
                .astore(data);
        for (int i = 0; i < values.size(); i++) {
            code.aload(data)
                    .loadConstant(i + 1)
                    .invokeinterface(list, "get", MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_int))
                    .checkcast(types.get(i))
                    .putstatic(owner, name(i), types.get(i));
        }
    }

    /** The class whose protected members generated code uses. */
    static final ClassDesc SUPPORT = Descriptors.of(CompiledProgram.class);
}
