package kafka_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"

	"cutover/e2e/kafka/broker"
)

// state is all that a command could have changed on both clusters: topics with their settings
// and where their logs start and end, internal ones too, so that no commit goes unseen; what
// groups have committed; and ACLs.
func (g *ground) state(t *testing.T) string {
	t.Helper()
	return stateOf(t, g.source) + stateOf(t, g.target)
}

func stateOf(t *testing.T, c *broker.Cluster) string {
	t.Helper()
	admin, err := c.Admin()
	check(t, err)
	defer admin.Close()
	ctx := t.Context()
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }

	topics, err := admin.ListTopicsWithInternal(ctx)
	check(t, err)
	settings, err := admin.DescribeTopicConfigs(ctx, topics.Names()...)
	check(t, err)
	for _, topic := range settings {
		for _, one := range topic.Configs {
			add("topic %s: %s is %s", topic.Name, one.Key, one.MaybeValue())
		}
	}
	starts, err := admin.ListStartOffsets(ctx, topics.Names()...)
	check(t, err)
	ends, err := admin.ListEndOffsets(ctx, topics.Names()...)
	check(t, err)
	ends.Each(func(end kadm.ListedOffset) {
		start, _ := starts.Lookup(end.Topic, end.Partition)
		add("%s-%d: from %d to %d %v", end.Topic, end.Partition, start.Offset, end.Offset, end.Err)
	})
	groups, err := admin.ListGroups(ctx)
	check(t, err)
	for name, fetched := range admin.FetchManyOffsets(ctx, groups.Groups()...) {
		check(t, fetched.Err)
		fetched.Fetched.Each(func(o kadm.OffsetResponse) {
			add("group %s on %s-%d: %d %q", name, o.Topic, o.Partition, o.At, o.Metadata)
		})
	}
	acls, err := admin.DescribeACLs(ctx, kadm.NewACLs().AnyResource().Allow().Deny().AllowHosts().DenyHosts().Operations().ResourcePatternType(kadm.ACLPatternAny))
	check(t, err)
	for _, found := range acls {
		for _, one := range found.Described {
			add("%s may %s %s %s", one.Principal, one.Operation, one.Type, one.Name)
		}
	}
	slices.Sort(lines)
	return c.Module() + "\n" + strings.Join(lines, "\n") + "\n"
}
