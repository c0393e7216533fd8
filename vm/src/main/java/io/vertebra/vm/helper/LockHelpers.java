package io.vertebra.vm.helper;

import static io.vertebra.vm.helper.HelperPrototype.Argument.SPIN_LOCK;
import static io.vertebra.vm.helper.HelperPrototype.Result;
import static io.vertebra.vm.helper.StandardHelpers.helper;

import java.util.List;

/** Helpers 93 and 94: the lock in a map's value. Between them a codelet may neither call nor return. Stateless. */
final class LockHelpers {

    private LockHelpers() {}

    static List<Helper> all() {
        return List.of(
                helper(93, "spin_lock", Result.VOID, LockHelpers::lock, SPIN_LOCK),
                helper(StandardHelpers.SPIN_UNLOCK, "spin_unlock", Result.VOID, LockHelpers::unlock, SPIN_LOCK));
    }

    private static long lock(HelperContext run, long lock, long b, long c, long d, long e) {
        run.lock(lock);
        return 0;
    }

    private static long unlock(HelperContext run, long lock, long b, long c, long d, long e) {
        run.unlock(lock);
        return 0;
    }
}
