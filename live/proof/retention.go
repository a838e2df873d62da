package proof

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// retentionParity asks whether every topic keeps its records on the target at least as long
// and as many as on the source, under the same cleanup.policy: by the effective values, which
// are the brokers' defaults where a topic has none of its own. What migration.yaml itself
// asks for stands against nothing.
func retentionParity(ctx context.Context, q *question) error {
	topics, err := q.topics()
	if err != nil {
		return err
	}
	var configs [2]map[string]map[string]string
	for i, side := range plan.Sides() {
		b, err := q.kafka(side)
		if err != nil {
			return err
		}
		if configs[i], err = q.configs(ctx, b, topics); err != nil {
			return err
		}
	}
	good, meant := 0, 0
	for _, topic := range topics {
		source, target := configs[0][topic], configs[1][topic]
		if source == nil || target == nil {
			continue // a doubt already
		}
		same := true
		for _, field := range overlay.RetentionFields() {
			if !shorter(field, source[field], target[field]) {
				continue
			}
			if q.meant(topic, field) {
				meant++
				continue
			}
			same = false
			q.against("topic %s: %s is %s on the source and %s on the target", topic, field, source[field], target[field])
		}
		if same {
			good++
		}
	}
	q.measure("topics", int64(len(topics)))
	q.measure("equal", int64(good))
	q.measure("intended", int64(meant))
	q.Left = int64(len(topics) - good)
	q.Seen = fmt.Sprintf("%d of %s keep their records as long; %s as migration.yaml asks", good, count(len(topics), "topic"), count(meant, "difference"))
	return nil
}

// configs gives the effective settings of topics. Those that are not told are doubts.
func (q *question) configs(ctx context.Context, b brokers, topics []string) (map[string]map[string]string, error) {
	all := make(map[string]map[string]string)
	for some := range slices.Chunk(topics, 1000) {
		described, err := b.admin.DescribeTopicConfigs(ctx, some...)
		if err != nil {
			return nil, b.explain(err)
		}
		for _, topic := range described {
			if topic.Err != nil {
				q.doubt("topic %s on the %s: %v", topic.Name, b.side, topic.Err)
				continue
			}
			all[topic.Name] = make(map[string]string)
			for _, config := range topic.Configs {
				if config.Value != nil {
					all[topic.Name][config.Key] = *config.Value
				}
			}
		}
	}
	for _, topic := range topics {
		if all[topic] == nil {
			q.doubt("topic %s: the %s does not tell its settings", topic, b.side)
		}
	}
	return all, nil
}

// shorter tells whether the target's value keeps less. -1 is without bound.
func shorter(field, source, target string) bool {
	if field == "cleanup.policy" {
		return !slices.Equal(policies(source), policies(target))
	}
	here, err := strconv.ParseInt(source, 10, 64)
	there, other := strconv.ParseInt(target, 10, 64)
	if err != nil || other != nil {
		return source != target
	}
	return there >= 0 && (here < 0 || there < here)
}

// policies gives the words of a list in order.
func policies(text string) []string {
	words := strings.Split(strings.ReplaceAll(text, " ", ""), ",")
	slices.Sort(words)
	return words
}

func (q *question) meant(topic, field string) bool {
	return slices.Contains(q.Scope.Retention, overlay.ScopeSetting{Topic: topic, Field: field})
}
