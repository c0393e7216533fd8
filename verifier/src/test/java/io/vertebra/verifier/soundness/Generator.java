package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.OUT;
import static io.vertebra.verifier.soundness.Draft.c;
import static io.vertebra.verifier.soundness.Draft.r;

import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Grows random programs that a verifier accepts: statements are tried a few at a time, and those with which the program
 * would be rejected are left out again. What remains is dense with what is just provable.
 */
final class Generator {

    private static final int MOST_SLOTS = 160;
    private static final int BATCH = 3;
    private static final int MOST_TRIES = 12;
    private static final int LOWEST_OBSERVED = -56;

    private static final Setting[] SETTINGS = {
        Setting.NATIVE, Setting.NATIVE, Setting.NATIVE, Setting.NATIVE, Setting.BOUNDED, Setting.JBPF
    };

    private final Choice choice;
    private final Numbers numbers;
    private final Memories memories;
    private final Calls calls;
    private final Flows flows;
    private final Objects objects;
    private final List<Draft> functions;
    private final Predicate<Program> accepted;
    /** What comes after all statements. */
    private final Draft end = new Draft();

    private boolean observes;
    private List<Draft> statements = new ArrayList<>();
    /** Labels that statements jump to, and that no statement has set. */
    private List<Integer> open = new ArrayList<>();

    Generator(Random random, Predicate<Program> accepted) {
        this.accepted = accepted;
        choice = new Choice(random, SETTINGS[random.nextInt(SETTINGS.length)]);
        numbers = new Numbers(choice);
        memories = new Memories(choice, numbers);
        calls = new Calls(choice, numbers);
        flows = new Flows(choice, numbers);
        objects = new Objects(choice, numbers, memories);
        functions = new ArrayList<>(calls.functions());
        functions.addAll(objects.functions());
        functions.add(calls.reader());
    }

    /** Programs of this generator give what registers and the stack hold in the end, as far as that are numbers. */
    Generator observed() {
        observes = true;
        return this;
    }

    /** A program that is accepted. */
    Program grow(int tries) {
        if (!choice.oneIn(40)) {
            must(memories::value);
            must(memories::spill);
            must(() -> flows.loop(body()));
        }
        if (choice.oneIn(3)) {
            must(flows::swing, 1);
        }
        for (int left = tries; left > 0 && slots() < MOST_SLOTS; left -= BATCH) {
            if (!kept(BATCH)) {
                kept(1);
            }
        }
        if (observes) {
            observe();
        }
        return program();
    }

    private void observe() {
        for (int register = 1; register < 10; register++) {
            observe(new Draft(), register);
        }
        for (int at = -8; at >= LOWEST_OBSERVED; at -= 8) {
            observe(new Draft().load(AccessSize.DOUBLE, 1, 10, at), 1);
        }
    }

    private void observe(Draft before, int register) {
        int size = end.parts.size();
        end.add(before).alu(AluOp.MUL, 0, c(31)).plus(0, r(register));
        if (!accepted.test(program())) {
            end.parts.subList(size, end.parts.size()).clear();
        }
    }

    private interface Maker {
        Draft make();
    }

    private void must(Maker maker) {
        must(maker, MOST_TRIES);
    }

    private void must(Maker maker, int tries) {
        for (int i = 0; i < tries; i++) {
            statements.add(maker.make());
            if (accepted.test(program())) {
                return;
            }
            statements.removeLast();
        }
    }

    private boolean kept(int count) {
        var statementsBefore = new ArrayList<>(statements);
        var openBefore = new ArrayList<>(open);
        for (int i = 0; i < count; i++) {
            statements.add(statement());
        }
        if (accepted.test(program())) {
            return true;
        }
        statements = statementsBefore;
        open = openBefore;
        return false;
    }

    private int slots() {
        return statements.stream().mapToInt(Draft::slots).sum();
    }

    private Program program() {
        var main = new Draft().mov(6, r(1));
        statements.forEach(main::add);
        open.forEach(main::label);
        main.label(OUT).mov(0, c(0)).add(end).exit();
        var all = new ArrayList<>(List.of(main));
        all.addAll(functions);
        return Draft.program(choice.setting, all);
    }

    /** What may stand in a loop. */
    private Draft body() {
        return switch (choice.below(8)) {
            case 0, 1 -> numbers.arithmetic();
            case 2 -> numbers.single();
            case 3 -> memories.constantAccess();
            case 4 -> memories.spill();
            case 5 -> numbers.equal();
            case 6 -> flows.choices();
            default -> new Draft();
        };
    }

    private Draft statement() {
        return switch (choice.below(39)) {
            case 0, 1, 2, 3 -> numbers.arithmetic();
            case 4, 5 -> numbers.corner();
            case 6, 7 -> numbers.source(choice.target());
            case 8, 9 -> numbers.single();
            case 10 -> choice.random.nextBoolean() ? numbers.equal() : numbers.compare();
            case 11 -> numbers.bound(choice.target(), choice.between(1, 64), OUT);
            case 12 -> memories.spill();
            case 13 -> memories.parts();
            case 14 -> choice.oneIn(2) ? memories.read() : memories.variableStack();
            case 15 -> choice.oneIn(3) ? memories.ambiguous() : memories.value();
            case 16 -> memories.constantAccess();
            case 17, 18 -> memories.indexedAccess();
            case 19 -> choice.oneIn(2) ? memories.payload() : memories.length();
            case 20 -> choice.oneIn(2) ? memories.places() : choice.oneIn(2) ? memories.distance() : memories.length();
            case 21 -> memories.record(choice.oneIn(2) ? numbers.single() : new Draft());
            case 22 -> memories.atomicStack();
            case 23, 24 -> calls.helper();
            case 25 -> calls.function();
            case 26 -> {
                int kind = choice.below(9);
                yield kind < 3 ? flows.loop(body()) : kind < 5 ? flows.swing() : calls.callback();
            }
            case 27 -> choice.oneIn(2) ? flows.choices() : flows.decisions();
            case 28 -> choice.oneIn(3) ? flows.exit() : calls.helperInRegister();
            case 29, 30 -> branch();
            case 31 -> numbers.compare();
            case 32 -> choice.random.nextBoolean() ? calls.lend() : memories.atomicPayload();
            case 33, 34, 35, 36, 37 -> object();
            default -> close();
        };
    }

    private Draft object() {
        if (!choice.setting.isNative()) {
            return choice.oneIn(3) ? objects.output() : calls.helper();
        }
        return switch (choice.below(5)) {
            case 0 -> objects.lock();
            case 1 -> objects.timer();
            case 2 -> objects.dynptr();
            case 3 -> objects.drain();
            default -> objects.inner();
        };
    }

    private Draft branch() {
        int label = choice.freshLabel();
        open.add(label);
        return numbers.branch(label);
    }

    private Draft close() {
        return open.isEmpty() ? new Draft() : new Draft().label(open.remove(/* index */ choice.below(open.size())));
    }
}
