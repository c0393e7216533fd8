package io.vertebra.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import io.vertebra.config.ClusterSettings;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HazelcastNodeTest {

    /** A member that joins while a partition moves is told so by an exception, and asks again. */
    @Test
    void shouldTakeTheAnswersOfOtherMembersAndNoOtherObjects() {
        var config = HazelcastNode.config(ClusterSettings.defaults(Path.of("/run")));
        var service = new DefaultSerializationServiceBuilder()
                .setConfig(config.getSerializationConfig())
                .build();
        var answer = service.toData(new RetryableHazelcastException("moving"));
        assertThat(service.<Object>toObject(answer)).isInstanceOf(RetryableHazelcastException.class);
        var other = service.toData(URI.create("http://127.0.0.1/"));
        assertThatThrownBy(() -> service.toObject(other))
                .isInstanceOf(HazelcastSerializationException.class)
                .hasMessageContaining("java.net.URI is not allowed");
    }
}
