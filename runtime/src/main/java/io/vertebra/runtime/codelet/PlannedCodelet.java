package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.CodeletSetDescriptor.Executor;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * One codelet that a set will attach, everything about it being decided.
 *
 * @param name unique in the set
 * @param object path of its object
 * @param file the object
 * @param program the program
 * @param hook where it belongs
 * @param execution when it runs
 * @param executor who is to execute it
 * @param priority higher runs first
 * @param linkedMaps maps of other codelets that take the place of its object's
 * @param runtimeThreshold what it can ask a helper for, 0 for none
 */
record PlannedCodelet(
        String name,
        Path object,
        ObjectFile file,
        Program program,
        HookDescriptor hook,
        Execution execution,
        Executor executor,
        int priority,
        Map<String, String> linkedMaps,
        Duration runtimeThreshold) {}
