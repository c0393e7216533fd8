package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.map.BpfMap;
import java.util.List;
import java.util.Map;

/** SIGNATURES ONLY, bodies follow. A loaded set. */
public interface CodeletSet extends AutoCloseable {
    String name();

    CodeletSetDescriptor descriptor();

    /** sealed: Loading, Verified, Attached, Draining, Unloaded, Failed. */
    CodeletSetState state();

    /** Live maps by name (`name` where unique in the set, else `codelet/name`), `.rodata` etc. included. */
    Map<String, BpfMap> maps();

    List<StreamDescriptor> streams();

    /** Also after unload: then final. */
    List<AttachmentAccount> accounts();

    List<CodeletStatistics> statistics();

    /** Detaches, waits for running events, keeps final accounts. Idempotent. */
    void unload();

    @Override
    default void close() {
        unload();
    }
}
