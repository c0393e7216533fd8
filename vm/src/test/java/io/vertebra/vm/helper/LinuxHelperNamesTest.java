package io.vertebra.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The table against the helpers that are here. */
class LinuxHelperNamesTest {

    @Test
    void shouldAgreeWithHelpersThatAreHere() {
        for (var helper : Helpers.standard().all()) {
            assertThat(LinuxHelperNames.of(helper.prototype().id()))
                    .contains(helper.prototype().name());
        }
    }

    @Test
    void shouldKnowTheLastAndNoneBeyond() {
        assertThat(LinuxHelperNames.of(211)).contains("cgrp_storage_delete");
        assertThat(LinuxHelperNames.of(212)).isEmpty();
        assertThat(LinuxHelperNames.of(0)).isEmpty();
        assertThat(LinuxHelperNames.of(-1)).isEmpty();
    }
}
