package io.vertebra.runtime.hook;

import static io.vertebra.runtime.hook.ArgumentBytecode.desc;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.runtime.firing.DirectSink;
import io.vertebra.runtime.firing.InlineSink;
import io.vertebra.runtime.firing.InlineSlot;
import io.vertebra.runtime.firing.ThreadCells;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.ContextLayout.Field;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The methods of the class that {@link DirectClassWriter} writes; {@code args} are the hook method's parameters.
 *
 * <pre>
 *   R fire(args)                                          no slot, no call but the codelets' and what is rare
 *       cell = COUNTS of the thread's id
 *       if it is not the thread's: return slotted(args)
 *       cell[OFFERED]++
 *       if CELLS.closed: cell[OFFERED]--; return slotted(args)
 *       if it is one in many: return timed(args, cell)
 *       for each codelet
 *           try     r = CODEi(null, fields, payload); cell[OKi]++
 *           catch   cell[FAILEDi]++                       no call: works on a stack that has just ended
 *       return (R) r
 *
 *   R timed(args, cell)                                   the loop of fire, with the clock read around each codelet
 *
 *   R slotted(args)                                       a slot, as run$i does
 *       slot = SINK.enter()
 *       if null: return whenDetached;  if superseded: return RUN(SINK.successor(), args)
 *       try     marshal$0(...) if some codelet wants it; SINK.prepare(slot, payload)
 *               for each codelet, unless it has a limit and !SINK.admits(slot, i)
 *                   try     r = CODEi(SINK.begin(slot, i), fields, payload); SINK.ended(slot, i)
 *                   catch   SINK.failed(slot, i, thrown)
 *               SINK.finish(slot); SINK.exit(slot); return (R) r
 *       catch   slot.owner = FREE                         no call, as above; the slot's next owner counts
 *       return whenDetached
 * </pre>
 */
final class DirectBytecode {

    private static final ClassDesc SINK = desc(DirectSink.class);
    private static final ClassDesc INLINE_SINK = desc(InlineSink.class);
    private static final ClassDesc CELLS = desc(ThreadCells.class);
    private static final ClassDesc SLOT = desc(InlineSlot.class);
    private static final ClassDesc RUN_CONTEXT = desc(RunContext.class);
    private static final ClassDesc LONGS = desc(long[].class);
    private static final ClassDesc THROWABLES = desc(Throwable[].class);
    private static final ClassDesc THREAD = desc(Thread.class);
    private static final MethodTypeDesc TIME = MethodTypeDesc.of(CD_long);

    private final ClassDesc self;
    private final HookMethod hook;
    private final DirectSink sink;
    private final List<Optional<DirectCode>> codes;
    private final MethodTypeDesc entry;
    private final MethodTypeDesc type;
    private final ArgumentBytecode arguments;
    private final List<Field> fields;

    DirectBytecode(ClassDesc self, HookMethod hook, DirectSink sink, MethodTypeDesc entry) {
        this.self = self;
        this.hook = hook;
        this.sink = sink;
        this.codes = sink.codes();
        this.entry = entry;
        this.type = ArgumentBytecode.methodType(hook.method());
        this.arguments = new ArgumentBytecode(hook);
        this.fields = DirectCode.fields(hook.descriptor().context());
    }

    /** Whether some codelet needs its context in memory. */
    boolean marshals() {
        return codes.stream().anyMatch(Optional::isEmpty);
    }

    /** The locals that hold the fields that codelets get. */
    private int[] allocate(CodeBuilder code) {
        int[] locals = new int[fields.size()];
        for (int i = 0; i < locals.length; i++) {
            locals[i] = code.allocateLocal(TypeKind.LONG);
        }
        return locals;
    }

    /** Reads the arguments: here may fail what the application has handed over. */
    private void read(CodeBuilder code, int[] given) {
        int size = code.allocateLocal(TypeKind.INT);
        arguments.pushPayloadSize(code, 0);
        code.istore(size);
        for (int i = 0; i < fields.size(); i++) {
            arguments.pushField(code, fields.get(i), 0, size);
            code.lstore(given[i]);
        }
    }

    /** Calls a codelet; its run is on the operand stack, above its handle. */
    private void call(CodeBuilder code, int[] given) {
        for (int local : given) {
            code.lload(local);
        }
        if (hook.payload().isPresent()) {
            arguments.pushPayload(code, 0);
        }
        code.invokevirtual(CD_MethodHandle, "invokeExact", entry);
    }

    private CodeBuilder handle(CodeBuilder code, int codelet) {
        return code.getstatic(self, DirectClassWriter.code(codelet), CD_MethodHandle);
    }

    // ---- fire ----

    void fire(CodeBuilder code, int stride) {
        int cell = code.allocateLocal(TypeKind.INT);
        int offered = code.allocateLocal(TypeKind.LONG);
        var otherwise = code.newLabel();
        code.trying(
                body -> offer(body, stride, cell, offered, otherwise),
                handlers -> handlers.catchingAll(handler -> handler.pop().goto_(otherwise)));
        // Elsewhere, because HotSpot would keep registers free for the calls of the clock in every event.
        code.lload(offered).loadConstant(ThreadCells.SAMPLED).land().loadConstant(ThreadCells.SAMPLED);
        code.lcmp()
                .ifThen(
                        Opcode.IFEQ,
                        once -> orAllFailed(once, cell, otherwise, body -> {
                            arguments.pushAll(body, 0);
                            body.iload(cell).invokestatic(self, DirectClassWriter.TIMED, timedType());
                            body.return_(TypeKind.from(type.returnType()));
                        }));
        runAll(code, cell, false, otherwise);
    }

    /** The type of {@link #timed}: the hook method's with the thread's cell at the end. */
    MethodTypeDesc timedType() {
        return type.insertParameterTypes(type.parameterCount(), CD_int);
    }

    void timed(CodeBuilder code) {
        runAll(code, code.parameterSlot(type.parameterCount()), true, code.newLabel());
    }

    /** Does something that throws only before any codelet has run: then all runs have failed. */
    private void orAllFailed(CodeBuilder code, int cell, Label otherwise, Consumer<CodeBuilder> action) {
        code.trying(
                action::accept,
                handlers -> handlers.catchingAll(handler -> {
                    int thrown = handler.allocateLocal(TypeKind.REFERENCE);
                    handler.astore(thrown);
                    for (int i = 0; i < codes.size(); i++) {
                        failed(handler, cell, i, thrown);
                    }
                    handler.goto_(otherwise);
                }));
    }

    /** Runs and counts all codelets and returns the result of the last; what fails before them goes on at a label. */
    private void runAll(CodeBuilder code, int cell, boolean timed, Label otherwise) {
        int result = code.allocateLocal(TypeKind.LONG);
        var given = allocate(code);
        orAllFailed(code, cell, otherwise, body -> read(body, given));
        for (int i = 0; i < codes.size(); i++) {
            int codelet = i;
            code.trying(
                    body -> {
                        run(body, given, codelet, timed, result);
                        // Who sees the count sees what the run has stored; costs nothing where stores are in order
                        // anyway.
                        body.invokestatic(desc(VarHandle.class), "releaseFence", MethodTypeDesc.of(CD_void));
                        add(body, cell, ThreadCells.ok(codelet));
                    },
                    handlers -> handlers.catchingAll(handler -> {
                        int thrown = handler.allocateLocal(TypeKind.REFERENCE);
                        failed(handler.astore(thrown), cell, codelet, thrown);
                        handler.loadConstant(hook.descriptor().whenDetached()).lstore(result);
                    }));
        }
        code.lload(result);
        arguments.convert(code);
        code.return_(TypeKind.from(type.returnType())).labelBinding(otherwise);
        arguments.returnOtherwise(code);
    }

    /** Finds the thread's cell and counts the event; goes elsewhere when it has none, or is not to run. */
    private void offer(CodeBuilder code, int stride, int cell, int offered, Label otherwise) {
        var slotted = code.newLabel();
        var refused = code.newLabel();
        var open = code.newLabel();
        int thread = code.allocateLocal(TypeKind.LONG);
        code.invokestatic(THREAD, "currentThread", MethodTypeDesc.of(THREAD))
                .invokevirtual(THREAD, "threadId", MethodTypeDesc.of(CD_long))
                .lstore(thread);
        code.lload(thread).l2i().loadConstant(ThreadCells.mask()).iand();
        code.loadConstant(stride).imul().loadConstant(stride).iadd().istore(cell);
        count(code, cell, ThreadCells.THREAD).lload(thread).lcmp().ifne(slotted);
        count(code, cell, ThreadCells.OFFERED).lstore(offered);
        int last = codes.size() - 1;
        count(code.lload(offered), cell, ThreadCells.ok(last)).lsub();
        count(code, cell, ThreadCells.failed(last)).lsub();
        code.loadConstant((long) ThreadCells.MAX_DEPTH).lcmp().ifge(refused);
        place(code, cell, ThreadCells.OFFERED).lload(offered).lconst_1().ladd().lastore();
        code.getstatic(self, DirectClassWriter.CELLS, CELLS).getfield(CELLS, "closed", CD_boolean);
        code.ifeq(open);
        place(code, cell, ThreadCells.OFFERED).lload(offered).lastore();
        code.labelBinding(slotted);
        arguments.pushAll(code, 0);
        code.invokestatic(self, DirectClassWriter.SLOTTED, type).return_(TypeKind.from(type.returnType()));
        code.labelBinding(refused);
        sink(code).invokeinterface(SINK, "refuse", MethodTypeDesc.of(CD_void)).goto_(otherwise);
        code.labelBinding(open);
    }

    private void run(CodeBuilder code, int[] given, int codelet, boolean timed, int result) {
        int start = code.allocateLocal(TypeKind.LONG);
        if (timed) {
            code.invokestatic(desc(System.class), "nanoTime", TIME).lstore(start);
        }
        call(handle(code, codelet).aconst_null(), given);
        code.lstore(result);
        if (timed) {
            sink(code).loadConstant(codelet).lload(start);
            code.invokeinterface(SINK, "sampled", MethodTypeDesc.of(CD_void, CD_int, CD_long));
        }
    }

    private void failed(CodeBuilder code, int cell, int codelet, int thrown) {
        add(code, cell, ThreadCells.failed(codelet));
        code.getstatic(self, DirectClassWriter.FAILURES, THROWABLES)
                .loadConstant(codelet)
                .aload(thrown)
                .aastore();
    }

    private CodeBuilder place(CodeBuilder code, int cell, int what) {
        return code.getstatic(self, DirectClassWriter.COUNTS, LONGS)
                .iload(cell)
                .loadConstant(what)
                .iadd();
    }

    private CodeBuilder count(CodeBuilder code, int cell, int what) {
        return place(code, cell, what).laload();
    }

    private void add(CodeBuilder code, int cell, int what) {
        place(code, cell, what).dup2().laload().lconst_1().ladd().lastore();
    }

    // ---- slotted ----

    void slotted(CodeBuilder code) {
        int slot = code.allocateLocal(TypeKind.REFERENCE);
        var otherwise = code.newLabel();
        code.trying(
                body -> {
                    sink(body).invokeinterface(INLINE_SINK, "enter", MethodTypeDesc.of(SLOT));
                    body.astore(slot).aload(slot).ifnull(otherwise);
                    body.aload(slot).getstatic(SLOT, "SUPERSEDED", SLOT);
                    body.ifThen(Opcode.IF_ACMPEQ, again -> runSuccessor(again, otherwise));
                    body.trying(
                            running -> runInSlot(running, slot),
                            handlers -> handlers.catchingAll(handler ->
                                    handler.pop().aload(slot).lconst_0().putfield(SLOT, "owner", CD_long)));
                },
                handlers -> handlers.catchingAll(CodeBuilder::pop));
        code.labelBinding(otherwise);
        arguments.returnOtherwise(code);
    }

    private void runSuccessor(CodeBuilder code, Label otherwise) {
        int next = code.allocateLocal(TypeKind.REFERENCE);
        sink(code).invokeinterface(INLINE_SINK, "successor", MethodTypeDesc.of(INLINE_SINK));
        code.astore(next).aload(next).ifnull(otherwise);
        code.getstatic(self, DirectClassWriter.RUN, CD_MethodHandle).aload(next);
        arguments.pushAll(code, 0);
        code.invokevirtual(CD_MethodHandle, "invokeExact", type.insertParameterTypes(0, INLINE_SINK))
                .return_(TypeKind.from(type.returnType()));
    }

    private void runInSlot(CodeBuilder code, int slot) {
        int result = code.allocateLocal(TypeKind.LONG);
        var given = allocate(code);
        read(code, given);
        if (marshals()) {
            code.aload(slot).getfield(SLOT, "words", LONGS).iconst_0();
            arguments.pushPayloadSize(code, 0);
            arguments.pushAll(code, 0);
            code.invokestatic(self, HookBytecode.marshalName(0), new HookBytecode(self, 0, hook).marshalType());
        }
        sink(code).aload(slot);
        arguments.pushPayloadOrNull(code, 0);
        ofSlot(code, "prepare", CD_void, SLOT, CD_Object);
        for (int i = 0; i < codes.size(); i++) {
            int codelet = i;
            if (codes.get(i).isEmpty()) {
                ofSlot(sink(code).aload(slot).loadConstant(i), "run", CD_long, SLOT, CD_int);
                code.lstore(result);
                continue;
            }
            code.trying(
                    body -> {
                        var next = body.newLabel();
                        if (sink.limited(codelet)) {
                            body.loadConstant(hook.descriptor().whenDetached()).lstore(result);
                            ofSlot(sink(body).aload(slot).loadConstant(codelet), "admits", CD_boolean, SLOT, CD_int);
                            body.ifeq(next);
                        }
                        ofSlot(
                                sink(handle(body, codelet)).aload(slot).loadConstant(codelet),
                                "begin",
                                RUN_CONTEXT,
                                SLOT,
                                CD_int);
                        call(body, given);
                        body.lstore(result);
                        ofSlot(sink(body).aload(slot).loadConstant(codelet), "ended", CD_void, SLOT, CD_int);
                        body.labelBinding(next);
                    },
                    handlers -> handlers.catchingAll(handler -> {
                        int thrown = handler.allocateLocal(TypeKind.REFERENCE);
                        sink(handler.astore(thrown)).aload(slot).loadConstant(codelet);
                        ofSlot(handler.aload(thrown), "failed", CD_void, SLOT, CD_int, CD_Throwable);
                        handler.loadConstant(hook.descriptor().whenDetached()).lstore(result);
                    }));
        }
        ofSlot(sink(code).aload(slot), "finish", CD_void, SLOT);
        sink(code).aload(slot).invokeinterface(INLINE_SINK, "exit", MethodTypeDesc.of(CD_void, SLOT));
        code.lload(result);
        arguments.convert(code);
        code.return_(TypeKind.from(type.returnType()));
    }

    private CodeBuilder sink(CodeBuilder code) {
        return code.getstatic(self, DirectClassWriter.SINK, SINK);
    }

    private static void ofSlot(CodeBuilder code, String method, ClassDesc result, ClassDesc... arguments) {
        code.invokeinterface(SINK, method, MethodTypeDesc.of(result, arguments));
    }
}
