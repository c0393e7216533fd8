package io.vertebra.runtime.hook;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.runtime.firing.EventSink;
import io.vertebra.runtime.firing.InlineSink;
import io.vertebra.runtime.firing.InlineSlot;
import io.vertebra.runtime.firing.Words;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/**
 * The three static methods that are generated for one hook; {@code args} are the hook method's parameters.
 *
 * <pre>
 *   void marshal$i(long[] words, int at, int kept, args)
 *       words[at + k] = field | field &lt;&lt; 32 ...          one store for each word of the context
 *
 *   void publish$i(EventSink sink, args)
 *       ring, words, length, discard                      all that can fail comes first
 *       index = sink.claim(ring, length, payload)
 *       if index &lt; 0: dropped, or publish$i(sink.successor(), args)
 *       try     marshal$i, copy the payload, sink.commit(...)
 *       catch   words[index] = discard                    no call: works on a stack that has just ended
 *       sink.wake(ring)
 *
 *   R run$i(InlineSink sink, args)
 *       slot = sink.enter()
 *       if null: return whenDetached;  if superseded: return run$i(sink.successor(), args)
 *       try     marshal$i(slot.words, 0, ...); r = sink.run(slot, payload); sink.exit(slot); return (R) r
 *       catch   slot.owner = null                         no call, as above
 *       return whenDetached
 * </pre>
 *
 * <p>Both swallow everything that is thrown: a hook never throws into the application.
 */
final class HookBytecode {

    private static final ClassDesc EVENT_SINK = desc(EventSink.class);
    private static final ClassDesc INLINE_SINK = desc(InlineSink.class);
    private static final ClassDesc SLOT = desc(InlineSlot.class);
    private static final ClassDesc WORDS = desc(Words.class);
    private static final ClassDesc LONGS = desc(long[].class);
    private static final ClassDesc SEGMENT = desc(MemorySegment.class);
    private static final ClassDesc THREAD = desc(Thread.class);

    private static final int WORD = Long.BYTES;

    private final ClassDesc self;
    private final int index;
    private final HookMethod hook;
    private final List<ClassDesc> parameters;

    HookBytecode(ClassDesc self, int index, HookMethod hook) {
        this.self = self;
        this.index = index;
        this.hook = hook;
        this.parameters = methodType(hook.method()).parameterList();
    }

    static ClassDesc desc(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    static TypeKind kind(Class<?> type) {
        return TypeKind.from(type);
    }

    static MethodTypeDesc methodType(Method method) {
        return MethodTypeDesc.of(
                desc(method.getReturnType()),
                Arrays.stream(method.getParameterTypes())
                        .map(HookBytecode::desc)
                        .toList());
    }

    static String marshalName(int index) {
        return "marshal$" + index;
    }

    MethodTypeDesc marshalType() {
        return MethodTypeDesc.of(CD_void, parameters).insertParameterTypes(0, LONGS, CD_int, CD_int);
    }

    MethodTypeDesc publishType() {
        return MethodTypeDesc.of(CD_void, parameters).insertParameterTypes(0, EVENT_SINK);
    }

    MethodTypeDesc runType() {
        return MethodTypeDesc.of(desc(hook.method().getReturnType()), parameters)
                .insertParameterTypes(0, INLINE_SINK);
    }

    // ---- marshal$i: parameters words = 0, at = 1, kept = 2, then the hook's ----

    void marshal(CodeBuilder code) {
        var layout = hook.descriptor().context();
        for (int word = 0; word * WORD < layout.size(); word++) {
            int first = word;
            var fields = layout.fields().stream()
                    .filter(f -> f.kind() != Kind.STRING && f.offset() / WORD == first)
                    .toList();
            if (!fields.isEmpty()) {
                code.aload(0).iload(1).loadConstant(word).iadd();
                for (int i = 0; i < fields.size(); i++) {
                    pushField(code, fields.get(i));
                    int shift = fields.get(i).offset() % WORD * Byte.SIZE;
                    if (shift > 0) {
                        code.loadConstant(shift).lshl();
                    }
                    if (i > 0) {
                        code.lor();
                    }
                }
                code.lastore();
            }
        }
        for (int i = 0; i < hook.arguments().size(); i++) {
            var argument = hook.arguments().get(i);
            if (argument.shape() == HookArgument.Shape.TEXT) {
                code.aload(0).iload(1).loadConstant(argument.field().offset()).aload(code.parameterSlot(3 + i));
                code.loadConstant(argument.field().size() - 2);
                code.invokestatic(
                        WORDS,
                        "text",
                        MethodTypeDesc.of(CD_void, LONGS, CD_int, CD_int, desc(CharSequence.class), CD_int));
            }
        }
        code.return_();
    }

    /** Pushes a field's bits as a long whose other bits are 0. */
    private void pushField(CodeBuilder code, Field field) {
        switch (field.kind()) {
            case PAYLOAD -> code.loadConstant(Addresses.PAYLOAD);
            case PAYLOAD_END ->
                code.loadConstant(Addresses.PAYLOAD).iload(2).i2l().ladd();
            case SCALAR -> {
                pushScalar(code, field);
                if (field.size() < WORD) {
                    code.loadConstant(-1L >>> (Long.SIZE - field.size() * Byte.SIZE))
                            .land();
                }
            }
            case STRING -> throw new IllegalArgumentException("field " + field.name() + " is a string");
        }
    }

    private void pushScalar(CodeBuilder code, Field field) {
        for (int i = 0; i < hook.arguments().size(); i++) {
            if (hook.arguments().get(i).field().equals(field)) {
                pushLong(code, hook.arguments().get(i).shape(), code.parameterSlot(3 + i), parameters.get(i));
                return;
            }
        }
        pushPayloadSize(code, 3); // the one field that is no parameter itself
        code.i2l();
    }

    private static void pushLong(CodeBuilder code, HookArgument.Shape shape, int slot, ClassDesc type) {
        switch (shape) {
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
                throw new IllegalArgumentException("a payload of type " + type.displayName() + " is no number");
        }
    }

    // ---- publish$i: parameters sink = 0, then the hook's ----

    void publish(CodeBuilder code) {
        int ring = code.allocateLocal(TypeKind.INT);
        int words = code.allocateLocal(TypeKind.REFERENCE);
        int payload = code.allocateLocal(TypeKind.INT);
        int length = code.allocateLocal(TypeKind.INT);
        int discard = code.allocateLocal(TypeKind.LONG);
        int claimed = code.allocateLocal(TypeKind.INT);
        var end = code.newLabel();
        code.trying(
                body -> {
                    body.aload(0);
                    pushKey(body);
                    sink(body, "ring", CD_int, CD_long).istore(ring);
                    sink(body.aload(0).iload(ring), "words", LONGS, CD_int).astore(words);
                    pushPayloadSize(body, 1);
                    body.istore(payload);
                    sink(body.aload(0).iload(payload), "length", CD_int, CD_int).istore(length);
                    sink(body.aload(0).iload(length), "discarded", CD_long, CD_int)
                            .lstore(discard);
                    sink(
                                    body.aload(0).iload(ring).iload(length).iload(payload),
                                    "claim",
                                    CD_int,
                                    CD_int,
                                    CD_int,
                                    CD_int)
                            .istore(claimed);
                    body.iload(claimed);
                    body.ifThen(Opcode.IFLT, refused -> notClaimed(refused, claimed, end));
                    body.trying(
                            filling -> {
                                fill(filling, words, claimed, payload);
                                sink(
                                        filling.aload(0)
                                                .iload(ring)
                                                .iload(claimed)
                                                .iload(length),
                                        "commit",
                                        CD_void,
                                        CD_int,
                                        CD_int,
                                        CD_int);
                            },
                            handlers -> handlers.catchingAll(handler -> handler.pop()
                                    .aload(words)
                                    .iload(claimed)
                                    .lload(discard)
                                    .lastore()));
                    sink(body.aload(0).iload(ring), "wake", CD_void, CD_int);
                },
                handlers -> handlers.catchingAll(CodeBuilder::pop));
        code.labelBinding(end).return_();
    }

    private void notClaimed(CodeBuilder code, int claimed, Label end) {
        code.iload(claimed).loadConstant(EventSink.SUPERSEDED).if_icmpne(end);
        int next = code.allocateLocal(TypeKind.REFERENCE);
        sink(code.aload(0), "successor", EVENT_SINK).astore(next).aload(next).ifnull(end);
        code.aload(next);
        pushArguments(code, 1);
        code.invokestatic(self, HookClassWriter.publishName(index), publishType())
                .goto_(end);
    }

    private void fill(CodeBuilder code, int words, int claimed, int payload) {
        int at = code.allocateLocal(TypeKind.INT);
        int kept = code.allocateLocal(TypeKind.INT);
        sink(code.aload(0).iload(claimed), "context", CD_int, CD_int).istore(at);
        sink(code.aload(0).iload(payload), "kept", CD_int, CD_int).istore(kept);
        code.aload(words).iload(at).iload(kept);
        pushArguments(code, 1);
        code.invokestatic(self, marshalName(index), marshalType());
        if (hook.payload().isPresent()) {
            int argument = hook.arguments().indexOf(hook.payload().get());
            int contextWords = (hook.descriptor().context().size() + WORD - 1) / WORD;
            code.aload(words).iload(at).loadConstant(contextWords).iadd().iload(kept);
            code.aload(code.parameterSlot(1 + argument));
            code.invokestatic(
                    WORDS, "copy", MethodTypeDesc.of(CD_void, LONGS, CD_int, CD_int, parameters.get(argument)));
        }
    }

    private void pushKey(CodeBuilder code) {
        for (int i = 0; i < hook.arguments().size(); i++) {
            var argument = hook.arguments().get(i);
            if (argument.key()) {
                pushLong(code, argument.shape(), code.parameterSlot(1 + i), parameters.get(i));
                return;
            }
        }
        code.invokestatic(THREAD, "currentThread", MethodTypeDesc.of(THREAD))
                .invokevirtual(THREAD, "threadId", MethodTypeDesc.of(CD_long));
    }

    private static CodeBuilder sink(CodeBuilder code, String method, ClassDesc result, ClassDesc... arguments) {
        return code.invokeinterface(EVENT_SINK, method, MethodTypeDesc.of(result, arguments));
    }

    // ---- run$i: parameters sink = 0, then the hook's ----

    void run(CodeBuilder code) {
        int slot = code.allocateLocal(TypeKind.REFERENCE);
        var otherwise = code.newLabel();
        var result = kind(hook.method().getReturnType());
        code.trying(
                body -> {
                    body.aload(0)
                            .invokeinterface(INLINE_SINK, "enter", MethodTypeDesc.of(SLOT))
                            .astore(slot);
                    body.aload(slot).ifnull(otherwise);
                    body.aload(slot).getstatic(SLOT, "SUPERSEDED", SLOT);
                    body.ifThen(Opcode.IF_ACMPEQ, again -> runSuccessor(again, otherwise));
                    body.trying(
                            running -> {
                                runCodelets(running, slot);
                                running.return_(result);
                            },
                            handlers -> handlers.catchingAll(handler ->
                                    handler.pop().aload(slot).aconst_null().putfield(SLOT, "owner", THREAD)));
                },
                handlers -> handlers.catchingAll(CodeBuilder::pop));
        code.labelBinding(otherwise);
        if (result != TypeKind.VOID) {
            code.loadConstant(hook.descriptor().whenDetached());
            convert(code);
        }
        code.return_(result);
    }

    private void runSuccessor(CodeBuilder code, Label otherwise) {
        int next = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(0).invokeinterface(INLINE_SINK, "successor", MethodTypeDesc.of(INLINE_SINK));
        code.astore(next).aload(next).ifnull(otherwise);
        code.aload(next);
        pushArguments(code, 1);
        code.invokestatic(self, HookClassWriter.runName(index), runType())
                .return_(kind(hook.method().getReturnType()));
    }

    private void runCodelets(CodeBuilder code, int slot) {
        code.aload(slot).getfield(SLOT, "words", LONGS).loadConstant(0);
        pushPayloadSize(code, 1);
        pushArguments(code, 1);
        code.invokestatic(self, marshalName(index), marshalType());
        code.aload(0).aload(slot);
        if (hook.payload().isPresent()) {
            int argument = hook.arguments().indexOf(hook.payload().get());
            code.aload(code.parameterSlot(1 + argument))
                    .invokestatic(WORDS, "segment", MethodTypeDesc.of(SEGMENT, parameters.get(argument)));
        } else {
            code.aconst_null();
        }
        code.invokeinterface(INLINE_SINK, "run", MethodTypeDesc.of(CD_long, SLOT, SEGMENT));
        convert(code);
        code.aload(0).aload(slot).invokeinterface(INLINE_SINK, "exit", MethodTypeDesc.of(CD_void, SLOT));
    }

    /** From r0 to the method's result. */
    private void convert(CodeBuilder code) {
        switch (kind(hook.method().getReturnType())) {
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

    // ---- shared ----

    private void pushArguments(CodeBuilder code, int first) {
        for (int i = 0; i < parameters.size(); i++) {
            code.loadLocal(kind(hook.method().getParameterTypes()[i]), code.parameterSlot(first + i));
        }
    }

    /** Pushes the payload's size, 0 without one; {@code first} is the number of parameters before the hook's. */
    private void pushPayloadSize(CodeBuilder code, int first) {
        if (hook.payload().isEmpty()) {
            code.iconst_0();
            return;
        }
        int argument = hook.arguments().indexOf(hook.payload().get());
        code.aload(code.parameterSlot(first + argument))
                .invokestatic(WORDS, "size", MethodTypeDesc.of(CD_int, parameters.get(argument)));
    }
}
