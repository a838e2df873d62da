package kafka_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	"cutover/e2e/kafka/operator"
	"cutover/e2e/kafka/process"
)

const (
	// glance is how long somebody at a dashboard looks at a lag of 0 before believing it, and
	// patience how long at one that nothing changes any more.
	glance   = 3 * time.Second
	patience = 15 * time.Second
	// tail is how many records of a partition the guide has people compare.
	tail = 100
)

// lags are where every group stands on every partition of what it reads.
func (w *world) lags(ctx context.Context, admin *kadm.Client) ([]kadm.DescribedGroupLag, error) {
	groups := make(map[string]bool)
	for _, s := range w.subscriptions {
		groups[s.Group] = true
	}
	described, err := admin.Lag(ctx, slices.Sorted(maps.Keys(groups))...)
	if err != nil {
		return nil, err
	}
	return described.Sorted(), described.Error()
}

// awaitDrained returns when somebody at the dashboard of consumer groups takes all topics for
// drained: each lag is 0, or has long not moved. Behind a transaction it never is 0: the
// group stands at its marker.
func (w *world) awaitDrained(t *testing.T, c *operator.Cluster, limit time.Duration) {
	t.Helper()
	admin, err := c.Brokers.Admin()
	check(t, err)
	defer admin.Close()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	type reading struct {
		committed, end int64
		since          time.Time
	}
	seen := make(map[string]reading)
	check(t, process.Await(ctx, "lags on the "+c.Name, func(ctx context.Context) error {
		groups, err := w.lags(ctx, admin)
		if err != nil {
			return err
		}
		moving := ""
		for _, group := range groups {
			for _, lag := range group.Lag.Sorted() {
				id := fmt.Sprintf("%s on %s-%d", group.Group, lag.Topic, lag.Partition)
				r := seen[id]
				if r.since.IsZero() || r.committed != lag.Commit.At || r.end != lag.End.Offset {
					r = reading{lag.Commit.At, lag.End.Offset, time.Now()}
					seen[id] = r
				}
				if still := time.Since(r.since); still < glance || lag.Lag > 0 && still < patience {
					moving = fmt.Sprintf("%s has a lag of %d", id, lag.Lag)
				}
			}
		}
		if moving != "" {
			return fmt.Errorf("%s", moving)
		}
		return nil
	}))
	w.logf(t, "on the %s all topics are drained", c.Name)
}

// positions is a table of where the groups stand, all partitions of a topic together.
func (w *world) positions(t *testing.T, c *operator.Cluster) string {
	t.Helper()
	admin, err := c.Brokers.Admin()
	check(t, err)
	defer admin.Close()
	groups, err := w.lags(t.Context(), admin)
	check(t, err)
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "group\tpartition\tcommitted\tlog end")
	for _, group := range groups {
		for _, lag := range group.Lag.Sorted() {
			fmt.Fprintf(table, "%s\t%s-%d\t%d\t%d\n", group.Group, lag.Topic, lag.Partition, lag.Commit.At, lag.End.Offset)
		}
	}
	_ = table.Flush() // into memory
	return text.String()
}

// awaitTails takes the last records of each partition of the source as they are now, and
// waits until the target has them. Of a compacted topic it may never have: they are left out.
func (w *world) awaitTails(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	done := make(map[string]bool)
	for _, s := range w.subscriptions {
		if s.Compacted || done[s.Topic] {
			continue
		}
		done[s.Topic] = true
		want, err := read(ctx, w.source, s.Topic)
		check(t, err)
		check(t, process.Await(ctx, s.Topic+" on the target", func(ctx context.Context) error {
			got, err := read(ctx, w.target, s.Topic)
			if err != nil {
				return err
			}
			return got.has(want)
		}))
	}
	w.logf(t, "the target has the source's last %d records of each partition", tail)
}

// has tells which of the last records of another cluster's partitions are missing.
func (c content) has(other content) error {
	for _, partition := range partitions(other) {
		there := make(map[string]bool)
		for _, r := range c[partition] {
			there[r] = true
		}
		records := other[partition]
		for _, r := range records[max(0, len(records)-tail):] {
			if !there[r] {
				return fmt.Errorf("partition %d does not have %s", partition, r)
			}
		}
	}
	return nil
}

func TestATailIsMissedWhereARecordOfItIsMissing(t *testing.T) {
	long := content{0: {"old=0"}}
	for i := range tail {
		long[0] = append(long[0], fmt.Sprintf("k=%d", i))
	}
	for name, test := range map[string]struct {
		target, source content
		missed         bool
	}{
		"the same records":                  {content{0: {"k=1", "k=2"}}, content{0: {"k=1", "k=2"}}, false},
		"records that others were added to": {content{0: {"k=1", "j=1", "k=2", "j=2"}}, content{0: {"k=1", "k=2"}}, false},
		"a record that is not there yet":    {content{0: {"k=1"}}, content{0: {"k=1", "k=2"}}, true},
		"a record of another partition":     {content{0: {"k=1"}, 1: {"k=2"}}, content{0: {"k=1", "k=2"}}, true},
		"a record before the tail":          {content{0: long[0][1:]}, long, false},
		"an empty partition":                {content{}, content{0: nil}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := test.target.has(test.source); (err != nil) != test.missed {
				t.Errorf("has says %v", err)
			}
		})
	}
}
