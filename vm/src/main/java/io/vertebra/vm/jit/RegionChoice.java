package io.vertebra.vm.jit;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.AccessPlan.Region;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Writes an access to each region that the plan names for it, and the choice among them by the address. */
final class RegionChoice {

    /** Each is written as an access of its own. */
    private static final int MOST = 3;

    private final Unit unit;
    private final MemoryEmitter memory;
    private final CodeBuilder code;

    RegionChoice(Unit unit, MemoryEmitter memory, CodeBuilder code) {
        this.unit = unit;
        this.memory = memory;
        this.code = code;
    }

    /**
     * Writes the access of a slot, to {@code base + offset}. The last region needs no choice: sound because its segment is
     * checked like any.
     *
     * @param access writes it to one region; to memory by address where it gets null, because the regions are not known, are
     *     many, or one has no fixed address
     */
    void of(int slot, int base, int offset, Consumer<Region> access) {
        var regions = unit.regions(slot);
        if (regions.isEmpty() || regions.size() > MOST || !regions.stream().allMatch(r -> start(r).isPresent())) {
            access.accept(null);
            return;
        }
        Label done = code.newLabel();
        for (var region : regions.subList(0, regions.size() - 1)) {
            Label other = code.newLabel();
            memory.index(base, offset);
            code.loadConstant(Addresses.OFFSET_BITS)
                    .lushr()
                    .loadConstant(start(region).getAsLong() >>> Addresses.OFFSET_BITS)
                    .lcmp()
                    .ifne(other);
            access.accept(region);
            code.goto_(done).labelBinding(other);
        }
        access.accept(regions.getLast());
        code.labelBinding(done);
    }

    /** The address of a region's first byte, if that is the same in every run. */
    private static OptionalLong start(Region region) {
        return switch (region) {
            case AccessPlan.Stack _ -> OptionalLong.of(Addresses.STACK);
            case AccessPlan.Context _ -> OptionalLong.of(Addresses.CONTEXT);
            case AccessPlan.Payload _ -> OptionalLong.of(Addresses.PAYLOAD);
            case AccessPlan.MapValue(int map) -> OptionalLong.of(Addresses.mapValues(map));
            case AccessPlan.RingRecord(int map) -> OptionalLong.of(Addresses.mapValues(map));
            case AccessPlan.CallbackKey _, AccessPlan.InnerMapValue _, AccessPlan.Sample _ -> OptionalLong.empty();
        };
    }
}
