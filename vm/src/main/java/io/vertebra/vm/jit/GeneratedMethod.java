package io.vertebra.vm.jit;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.MethodTypeDesc;
import java.util.function.BiConsumer;

/**
 * A static method of generated code, and what it takes of a class.
 *
 * @param body writes its code into a class
 * @param bytes of code
 * @param entries of the constant pool that it needs if it is alone
 * @param constants objects that it refers to
 */
record GeneratedMethod(
        String name, MethodTypeDesc type, BiConsumer<Home, CodeBuilder> body, int bytes, int entries, int constants) {

    /** A method that is written once to be measured. */
    static GeneratedMethod measured(String name, MethodTypeDesc type, BiConsumer<Home, CodeBuilder> body) {
        var trial = Home.trial();
        var written = ClassFile.of()
                .parse(ClassFile.of().build(trial.owner(), builder -> write(builder, trial, name, type, body)));
        var code = (CodeAttribute) written.methods().getFirst().code().orElseThrow();
        return new GeneratedMethod(
                name,
                type,
                body,
                code.codeLength(),
                written.constantPool().size(),
                trial.constants().size());
    }

    /** Writes it into a class. */
    void write(ClassBuilder builder, Home home) {
        write(builder, home, name, type, body);
    }

    private static void write(
            ClassBuilder builder, Home home, String name, MethodTypeDesc type, BiConsumer<Home, CodeBuilder> body) {
        builder.withMethodBody(
                name, type, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC, code -> body.accept(home, code));
    }
}
