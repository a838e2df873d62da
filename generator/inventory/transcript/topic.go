package transcript

import (
	"regexp"
	"strconv"
	"strings"

	"cutover/generator/finding"
)

// Topic is one topic as kafka-topics.sh describes it.
type Topic struct {
	Name       string
	Partitions int32
	Replicas   int32
	// Config holds every entry that is no built-in default. Asked over the Kafka protocol,
	// the tool mixes the topic's own entries with those it inherits from the broker's
	// configuration; asked over ZooKeeper, it prints the topic's own alone.
	Config map[string]string
	// Deleting tells that the topic is marked for deletion.
	Deleting bool
	// Line is where the topic stands in the text.
	Line int
}

var topicLine = regexp.MustCompile(`^Topic:\s*(\S+)\s+(?:TopicId:\s*\S+\s+)?PartitionCount:\s*(\d+)\s+ReplicationFactor:\s*(\d+)` +
	`(?:\s+Configs:(.*?))?(?:\s+MarkedForDeletion:\s*(\S+))?\s*$`)

// Topics reads the topics that a text of kafka-topics.sh --describe lists, in its order.
func Topics(file string, content []byte) ([]Topic, error) {
	var topics []Topic
	var findings finding.List
	for i, line := range lines(content) {
		if !topicOpening.MatchString(line) {
			continue
		}
		topic, ok := parseTopic(line)
		if !ok {
			findings.Add(unreadable(file, i+1, "a topic is described without a readable partition count and replication factor", TopicsForm))
			continue
		}
		topic.Line = i + 1
		topics = append(topics, topic)
	}
	return topics, findings.Err()
}

func parseTopic(line string) (Topic, bool) {
	match := topicLine.FindStringSubmatch(line)
	if match == nil {
		return Topic{}, false
	}
	partitions, err1 := strconv.ParseInt(match[2], 10, 32)
	replicas, err2 := strconv.ParseInt(match[3], 10, 32)
	if err1 != nil || err2 != nil || partitions < 1 || replicas < 1 {
		return Topic{}, false
	}
	return Topic{
		Name: match[1], Partitions: int32(partitions), Replicas: int32(replicas),
		Config: entries(match[4]), Deleting: match[5] == "true",
	}, true
}

// entryStart begins an entry within a comma separated list: every topic setting has a
// dot in its name but preallocate, and no value has such a word before an equals sign.
var entryStart = regexp.MustCompile(`^([A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)+|preallocate)=`)

// entries takes "cleanup.policy=compact,delete,retention.ms=1" apart: a comma separates
// entries only where another entry begins behind it.
func entries(list string) map[string]string {
	config := make(map[string]string)
	key := ""
	for _, part := range strings.Split(strings.TrimSpace(list), ",") {
		switch {
		case entryStart.MatchString(part):
			name, value, _ := strings.Cut(part, "=")
			key, config[name] = name, value
		case key != "":
			config[key] += "," + part
		}
	}
	return config
}
