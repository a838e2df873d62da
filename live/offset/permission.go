package offset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// mayCommit tells, before anything is set, why the user may not commit for all of the groups
// and topics: brokers refuse group by group, and the first would be set by then. Brokers
// before Kafka 2.3 do not say what a user may (KIP-430), and those without an authorizer say
// everything.
func (c cluster) mayCommit(ctx context.Context, wanted map[string]kadm.Offsets) error {
	groups := sortedKeys(wanted)
	if len(groups) == 0 {
		return nil
	}
	described, err := c.admin().DescribeGroups(ctx, groups...)
	if shards := (*kadm.ShardErrors)(nil); err != nil && !errors.As(err, &shards) {
		return err
	}
	var forbidden []string
	set := make(map[string]bool)
	for _, group := range groups {
		if refused(described[group].AuthorizedOperations) {
			forbidden = append(forbidden, group)
		}
		for topic := range wanted[group] {
			set[topic] = true
		}
	}
	topics := sortedKeys(set)
	metadata, err := c.admin().Metadata(kadm.WithAuthorizedOps(ctx), topics...)
	if err != nil {
		return err
	}
	topics = slices.DeleteFunc(topics, func(topic string) bool { return !refused(metadata.Topics[topic].AuthorizedOperations) })
	return errors.Join(notAllowed("groups", forbidden, kerr.GroupAuthorizationFailed), notAllowed("topics", topics, kerr.TopicAuthorizationFailed))
}

// refused tells that brokers say what a user may, and that reading, which committing takes,
// is not among it.
func refused(may []kadm.ACLOperation) bool {
	return len(may) > 0 && !slices.Contains(may, kadm.OpRead)
}

func notAllowed(what string, names []string, as error) error {
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("nothing was set: the user may not commit for %s %s: %w", what, strings.Join(names, ", "), as)
}
