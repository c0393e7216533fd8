package io.vertebra.runtime.codelet;

import io.vertebra.vm.program.MapSpec;
import java.nio.file.Path;

/**
 * One map that a set will have.
 *
 * @param object path of the object that declares it
 * @param index its place among the object's maps
 * @param spec what the object says about it
 */
record PlannedMap(Path object, int index, MapSpec spec) {}
