package offset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Apply commits what is due, and gives the alignment as it then is. It writes all or, where
// there is an [Alignment.Obstacles] or the user may not commit for one of the groups, nothing;
// Kafka itself refuses a group that has got members meanwhile. Run again it changes nothing.
func Apply(ctx context.Context, to *kgo.Client, a Alignment, force bool) (Alignment, error) {
	if err := a.Obstacles(force).Err(); err != nil {
		return a, err
	}
	a.Changes = slices.Clone(a.Changes)
	wanted := make(map[string]kadm.Offsets)
	for _, c := range a.Changes {
		if c.State == Due || c.State == Ahead {
			add(wanted, c.Group, kadm.Offset{Topic: c.Topic, Partition: c.Partition, At: c.Offset, LeaderEpoch: -1, Metadata: c.metadata})
		}
	}
	if err := (cluster{to}).commit(ctx, wanted); err != nil {
		return a, err
	}
	for i := range a.Changes {
		a.Changes[i].State = Aligned
	}
	return a, nil
}

func add(to map[string]kadm.Offsets, group string, offset kadm.Offset) {
	if to[group] == nil {
		to[group] = make(kadm.Offsets)
	}
	offsets := to[group]
	offsets.Add(offset)
}

// commit sets offsets, group by group in the order of their names, and reads them back. It
// sets none where the user may not set all.
func (c cluster) commit(ctx context.Context, wanted map[string]kadm.Offsets) error {
	if err := c.mayCommit(ctx, wanted); err != nil {
		return err
	}
	groups := sortedKeys(wanted)
	for _, group := range groups {
		answered, err := c.admin().CommitOffsets(ctx, group, wanted[group])
		if err == nil {
			err = answered.Error()
		}
		if err != nil {
			return fmt.Errorf("commit for group %s: %w", group, err)
		}
	}
	committed, err := c.committed(ctx, groups)
	if err != nil {
		return err
	}
	for _, group := range groups {
		err := committed[group].Err
		wanted[group].Each(func(offset kadm.Offset) {
			one, ok := committed[group].Fetched.Lookup(offset.Topic, offset.Partition)
			if !ok || one.Err != nil || one.At != offset.At {
				err = errors.Join(err, fmt.Errorf("group %s on %s-%d: %d was committed, and %d is read back", group, offset.Topic, offset.Partition, offset.At, one.At))
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
