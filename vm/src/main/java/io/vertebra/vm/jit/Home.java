package io.vertebra.vm.jit;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Predicate;

/**
 * The class that code is written into.
 *
 * @param owner its name
 * @param constants the objects that its code refers to
 * @param methods which generated methods it has; the others are in other classes of the program
 */
record Home(ClassDesc owner, Constants constants, Predicate<String> methods) {

    private static final ClassDesc OWNER = ClassDesc.of(Home.class.getPackageName(), "Codelet");

    /** A class with some methods. */
    static Home of(Predicate<String> methods) {
        return new Home(OWNER, new Constants(OWNER), methods);
    }

    /** A class that has every method, to be thrown away. */
    static Home trial() {
        return of(_ -> true);
    }

    /** Calls a generated method of the program: directly in this class, else by a call site that is linked when it is used. */
    void call(CodeBuilder code, String name, MethodTypeDesc type) {
        if (methods.test(name)) {
            code.invokestatic(owner, name, type);
        } else {
            code.invokedynamic(Links.callSite(name, type));
        }
    }
}
