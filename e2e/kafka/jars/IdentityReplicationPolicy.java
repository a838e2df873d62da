package io.strimzi.kafka.connect.mirror;

import java.util.Map;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.mirror.ReplicationPolicy;

/**
 * Stands for the class of this name in Strimzi's mirror-maker-2-extensions 0.1.0, which the
 * images of Strimzi 0.20 to 0.24 hold and Maven Central does not: 1.2.0 there extends a class
 * that Kafka has from 3.0 on only. It answers as 0.1.0 does: a topic keeps its name, is said
 * to come from the source cluster, and to have no upstream topic.
 */
public class IdentityReplicationPolicy implements ReplicationPolicy, Configurable {
    private String source;

    @Override
    public void configure(Map<String, ?> properties) {
        source = (String) properties.get("source.cluster.alias");
        if (source == null) {
            throw new ConfigException("source.cluster.alias", null, "the identity policy needs it");
        }
    }

    @Override
    public String formatRemoteTopic(String sourceClusterAlias, String topic) {
        return topic;
    }

    @Override
    public String topicSource(String topic) {
        return topic == null ? null : source;
    }

    @Override
    public String upstreamTopic(String topic) {
        return null;
    }
}
