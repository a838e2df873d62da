package inventory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory/transcript"
)

// Names under which messages speak of what running clusters say, where a file would stand.
const (
	apiFile   = "live-api"
	kafkaFile = "live-kafka"
)

// Live is what running clusters say of the source, beside an export or instead of one. Its
// members may be nil.
type Live struct {
	// Objects gives the objects of an API server one after the other, as it serves them, and
	// then what it does not show. It hands the objects over.
	Objects func(ctx context.Context, add func(document.Document)) ([]Unseen, error)
	// Brokers is what the brokers say.
	Brokers *Brokers
}

// Unseen is something of the source that a running cluster does not show.
type Unseen struct {
	// What it is, such as "secrets in namespace kafka".
	What string
	// Because says why it is not shown: "the API server forbids it".
	Because string
	// Gates are those that this leaves unprovable; where there is none it is a note.
	Gates []string
	// Hint says what would show it.
	Hint string
}

// finding says what was not seen, and what that costs.
func (u Unseen) finding() finding.Finding {
	f := finding.Finding{Rule: "not-seen", Severity: finding.Note, Object: u.What, Message: u.Because, Hint: u.Hint}
	if len(u.Gates) > 0 {
		f.Severity = finding.Warning
		f.Message += "; unprovable without it: " + strings.Join(u.Gates, ", ")
	}
	return f
}

// notSeen notes what running clusters do not show.
func (e *export) notSeen(unseen []Unseen) {
	for _, u := range unseen {
		e.findings.Add(u.finding())
		for _, gate := range u.Gates {
			e.gaps = append(e.gaps, Gap{Gate: gate, Because: u.What + ": " + u.Because})
		}
	}
}

// addObjects takes in what an API server serves. It comes before the export, so that of two
// objects of one name the running cluster's is the first.
func (e *export) addObjects(ctx context.Context, live Live) error {
	if live.Objects == nil {
		return nil
	}
	e.reading, e.evidence[LiveAPI] = LiveAPI, true
	defer func() { e.reading = Manifests }()
	unseen, err := live.Objects(ctx, func(d document.Document) {
		d.File = apiFile
		e.addDocument(d)
	})
	if err != nil {
		return fmt.Errorf("read the API server: %w", err)
	}
	e.notSeen(unseen)
	return nil
}

// addBrokers takes in what the brokers say, in the place of what Kafka's tools print. It
// comes after the export: of two descriptions the last one counts.
func (e *export) addBrokers(b *Brokers) {
	if b == nil {
		return
	}
	e.evidence[LiveKafka] = true
	e.brokers = b
	e.notSeen(b.Unseen)
	for _, topic := range b.Topics {
		e.describedTopics = append(e.describedTopics, described[transcript.Topic]{kafkaFile, LiveKafka, transcript.Topic{
			Name: topic.Name, Partitions: topic.Partitions, Replicas: topic.Replicas, Config: topic.Config,
		}})
		if topic.Config != nil {
			e.describedConfigs = append(e.describedConfigs, described[transcript.Entity]{kafkaFile, LiveKafka, transcript.Entity{
				Type: "topic", Name: topic.Name, Config: topic.Config,
			}})
		}
	}
	for _, broker := range b.Configs {
		e.describedConfigs = append(e.describedConfigs, described[transcript.Entity]{kafkaFile, LiveKafka, transcript.Entity{
			Type: "broker", Name: broker.Broker, Config: broker.Config,
		}})
	}
	for _, group := range b.Groups {
		e.describedGroups = append(e.describedGroups, described[transcript.Group]{kafkaFile, LiveKafka, transcript.Group{
			Name: group.Name, State: group.State, Topics: slices.Clone(group.Topics),
		}})
	}
}

// live tells whether an object comes from a running cluster.
func live(d document.Document) bool { return d.File == apiFile }
