package io.vertebra.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a topic of one partition holds. */
final class Topic {

    private Topic() {}

    static List<ConsumerRecord<String, byte[]>> consume(String bootstrap, String topic) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        var partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** The keys, which are the numbers of the records. */
    static List<Long> numbers(String bootstrap, String topic) {
        return consume(bootstrap, topic).stream()
                .map(r -> Long.valueOf(r.key()))
                .toList();
    }
}
