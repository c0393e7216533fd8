package io.vertebra.runtime.hook;

import static io.vertebra.runtime.hook.ArgumentBytecode.desc;
import static io.vertebra.runtime.hook.ArgumentBytecode.methodType;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.runtime.firing.EventSink;
import io.vertebra.runtime.firing.InlineSink;
import io.vertebra.runtime.firing.InlineSlot;
import io.vertebra.runtime.firing.Words;
import io.vertebra.vm.program.ContextLayout.Kind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
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
 *       catch   slot.owner = FREE                         no call, as above
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
    private static final ClassDesc THREAD = desc(Thread.class);

    private static final int WORD = Long.BYTES;

    private final ClassDesc self;
    private final int index;
    private final HookMethod hook;
    private final ArgumentBytecode arguments;
    private final List<ClassDesc> parameters;

    HookBytecode(ClassDesc self, int index, HookMethod hook) {
        this.self = self;
        this.index = index;
        this.hook = hook;
        this.arguments = new ArgumentBytecode(hook);
        this.parameters = methodType(hook.method()).parameterList();
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
                    arguments.pushField(code, fields.get(i), 3, 2);
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
                    arguments.pushPayloadSize(body, 1);
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
        arguments.pushAll(code, 1);
        code.invokestatic(self, HookClassWriter.publishName(index), publishType())
                .goto_(end);
    }

    private void fill(CodeBuilder code, int words, int claimed, int payload) {
        int at = code.allocateLocal(TypeKind.INT);
        int kept = code.allocateLocal(TypeKind.INT);
        sink(code.aload(0).iload(claimed), "context", CD_int, CD_int).istore(at);
        sink(code.aload(0).iload(payload), "kept", CD_int, CD_int).istore(kept);
        code.aload(words).iload(at).iload(kept);
        arguments.pushAll(code, 1);
        code.invokestatic(self, marshalName(index), marshalType());
        if (hook.payload().isPresent()) {
            int contextWords = (hook.descriptor().context().size() + WORD - 1) / WORD;
            code.aload(words).iload(at).loadConstant(contextWords).iadd().iload(kept);
            var type = arguments.pushPayload(code, 1);
            code.invokestatic(WORDS, "copy", MethodTypeDesc.of(CD_void, LONGS, CD_int, CD_int, type));
        }
    }

    private void pushKey(CodeBuilder code) {
        if (!arguments.pushKey(code, 1)) {
            code.invokestatic(THREAD, "currentThread", MethodTypeDesc.of(THREAD))
                    .invokevirtual(THREAD, "threadId", MethodTypeDesc.of(CD_long));
        }
    }

    private static CodeBuilder sink(CodeBuilder code, String method, ClassDesc result, ClassDesc... arguments) {
        return code.invokeinterface(EVENT_SINK, method, MethodTypeDesc.of(result, arguments));
    }

    // ---- run$i: parameters sink = 0, then the hook's ----

    void run(CodeBuilder code) {
        int slot = code.allocateLocal(TypeKind.REFERENCE);
        var otherwise = code.newLabel();
        var result = TypeKind.from(hook.method().getReturnType());
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
                                    handler.pop().aload(slot).lconst_0().putfield(SLOT, "owner", CD_long)));
                },
                handlers -> handlers.catchingAll(CodeBuilder::pop));
        code.labelBinding(otherwise);
        arguments.returnOtherwise(code);
    }

    private void runSuccessor(CodeBuilder code, Label otherwise) {
        int next = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(0).invokeinterface(INLINE_SINK, "successor", MethodTypeDesc.of(INLINE_SINK));
        code.astore(next).aload(next).ifnull(otherwise);
        code.aload(next);
        arguments.pushAll(code, 1);
        code.invokestatic(self, HookClassWriter.runName(index), runType())
                .return_(TypeKind.from(hook.method().getReturnType()));
    }

    private void runCodelets(CodeBuilder code, int slot) {
        code.aload(slot).getfield(SLOT, "words", LONGS).loadConstant(0);
        arguments.pushPayloadSize(code, 1);
        arguments.pushAll(code, 1);
        code.invokestatic(self, marshalName(index), marshalType());
        code.aload(0).aload(slot);
        arguments.pushPayloadOrNull(code, 1);
        code.invokeinterface(INLINE_SINK, "run", MethodTypeDesc.of(CD_long, SLOT, CD_Object));
        arguments.convert(code);
        code.aload(0).aload(slot).invokeinterface(INLINE_SINK, "exit", MethodTypeDesc.of(CD_void, SLOT));
    }
}
