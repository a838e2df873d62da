package strimzi

import (
	"regexp"
	"strings"
)

// internalTopic is a family of topics that a platform component makes for itself.
type internalTopic struct {
	pattern *regexp.Regexp
	owner   string
}

// internalTopics are never recreated and never mirrored: each cluster makes its own.
// Sources: Kafka's Topic.java, Strimzi's Topic Operator and Cruise Control, MirrorMaker 2's
// default topic names, Kafka Connect's default storage topics in Strimzi.
var internalTopics = []internalTopic{
	{regexp.MustCompile(`^__consumer_offsets$`), "Kafka's committed offsets"},
	{regexp.MustCompile(`^__transaction_state$`), "Kafka's transaction coordinator"},
	{regexp.MustCompile(`^__strimzi_store_topic$`), "Strimzi's Topic Operator"},
	{regexp.MustCompile(`^__strimzi-topic-operator-kstreams-.*$`), "Strimzi's Topic Operator"},
	{regexp.MustCompile(`^strimzi\.cruisecontrol\.(metrics|modeltrainingsamples|partitionmetricsamples)$`), "Cruise Control"},
	{regexp.MustCompile(`^__CruiseControlMetrics$`), "Cruise Control"},
	{regexp.MustCompile(`^__KafkaCruiseControl.*$`), "Cruise Control"},
	{regexp.MustCompile(`^mirrormaker2-cluster-(configs|offsets|status)$`), "MirrorMaker 2's Connect workers"},
	{regexp.MustCompile(`^mm2-(configs|offsets|status|offset-syncs)\..*\.internal$`), "MirrorMaker 2"},
	{regexp.MustCompile(`^.*\.checkpoints\.internal$`), "MirrorMaker 2"},
	{regexp.MustCompile(`^heartbeats$`), "MirrorMaker 2"},
	{regexp.MustCompile(`^connect-cluster-(configs|offsets|status)$`), "Kafka Connect"},
}

// InternalOwner tells which platform component a topic belongs to, or "" for a topic of
// the cluster's users.
func InternalOwner(topic string) string {
	for _, internal := range internalTopics {
		if internal.pattern.MatchString(topic) {
			return internal.owner
		}
	}
	return ""
}

// InternalTopicsExclude are patterns of internal topics that MirrorMaker 2's own excludes do
// not cover, whether the source has such topics today or not: a mirrored heartbeats topic
// feeds itself (Strimzi #3977), and Cruise Control's samples belong to their own brokers.
func InternalTopicsExclude() []string {
	var patterns []string
	for _, internal := range internalTopics {
		pattern := strings.TrimSuffix(strings.TrimPrefix(internal.pattern.String(), "^"), "$")
		if !strings.HasPrefix(pattern, "__") && !strings.HasSuffix(pattern, `\.internal`) {
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}

// NotMirrored tells why MirrorMaker 2 silently passes over a topic whatever its patterns
// say (ReplicationPolicy.isInternalTopic, Kafka 2.4 to trunk), or "".
func NotMirrored(topic string) string {
	switch {
	case strings.HasPrefix(topic, "__"):
		return `its name begins with "__"`
	case strings.HasPrefix(topic, "."):
		return `its name begins with "."`
	case strings.HasSuffix(topic, ".internal"), strings.HasSuffix(topic, "-internal"):
		return `its name ends with "internal"`
	}
	return ""
}

// DefaultTopicsExclude are MirrorMaker 2's own exclude patterns, which a topicsExcludePattern
// replaces and therefore has to repeat (MirrorSourceConfig of Kafka 2.4 to 3.x).
func DefaultTopicsExclude() []string { return []string{`.*[\-\.]internal`, `.*\.replica`, `__.*`} }

// DefaultGroupsExclude are MirrorMaker 2's own group exclude patterns without connect-.*:
// the groups of sink connectors have to move too.
func DefaultGroupsExclude() []string { return []string{`console-consumer-.*`, `__.*`} }
