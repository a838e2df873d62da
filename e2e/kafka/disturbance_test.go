package kafka_test

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/e2e/kafka/broker"
	"cutover/e2e/kafka/estate"
)

// unknownGroup asks for a group that has never been on the cluster: nobody knows what it has
// read.
func (g *ground) unknownGroup(t *testing.T) {
	more := *g
	more.estate.Groups++
	more.folder = t.TempDir()
	check(t, more.estate.Write(more.folder))
	commands := more.commands(t, connections(t, g.login(g.source, mover), g.login(g.target, mover)))
	commands[0].args = append(commands[0].args, "--wait", "0s")
	more.refuse(t, commands[0], "DOES NOT HOLD", "group reader-004 has no committed offset: what it has processed is unknown")
	for _, c := range commands[1:3] {
		c.code = 2
		more.refuse(t, c, "group reader-004 on estate.", "it has never committed: what it has read is unknown", "24 due", "6 unproven")
	}
}

// clockSkew writes records of years to come and of years gone by, as a producer does whose
// clock is wrong, and their copies.
func (g *ground) clockSkew(t *testing.T) {
	now := time.Now()
	for _, c := range []*broker.Cluster{g.source, g.target} {
		write(t, c, g.estate.Topic(2), 0, now.AddDate(80, 0, 0), time.UnixMilli(1000), now.Add(-time.Minute))
	}
	g.commitEnds(t)
	commands := g.commands(t, connections(t, g.login(g.source, mover), g.login(g.target, mover)))
	words := [][]string{{"1 of 1 gates hold"}, {"24 due", "0 unproven"}, nil, {"reader-003"}, {"4 topics with 12 partitions"}}
	for i, c := range commands {
		if c.name == "offsets apply" {
			c.args = append(c.args, "--dry-run")
			words[i] = words[i-1]
		}
		c.code = 0
		g.refuse(t, c, words[i]...)
	}

	traffic := command{"verify --phase " + estate.Retire, []string{"verify", g.folder, "--phase", estate.Retire, "--connections", commands[0].args[len(commands[0].args)-1]}, 2}
	for topic := range g.estate.Topics {
		if topic != 2 {
			write(t, g.target, g.estate.Topic(topic), 0, now)
		}
	}
	g.refuse(t, traffic, "3 of 4 busy topics carried", "topic estate.002", "later than this machine's time", "a clock is wrong")
	write(t, g.target, g.estate.Topic(2), 0, now)
	g.refuse(t, traffic, "3 of 4 busy topics carried") // behind one of the future: it may be as old as that is new
	write(t, g.target, g.estate.Topic(2), 1, now)
	traffic.code = 0
	g.refuse(t, traffic, "4 of 4 busy topics carried")
}

// write appends records of these times to a partition.
func write(t *testing.T, c *broker.Cluster, topic string, partition int32, times ...time.Time) {
	t.Helper()
	client, err := c.Client(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	check(t, err)
	defer client.Close()
	for _, at := range times {
		check(t, client.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Partition: partition, Value: []byte(at.UTC().Format(time.RFC3339)), Timestamp: at}).FirstErr())
	}
}

// commitEnds has all groups of the source commit the log ends.
func (g *ground) commitEnds(t *testing.T) {
	t.Helper()
	admin, err := g.source.Admin()
	check(t, err)
	defer admin.Close()
	for group := range g.estate.Groups {
		ends, err := admin.ListEndOffsets(t.Context(), g.estate.TopicsOf(group)...)
		check(t, err)
		offsets := make(kadm.Offsets)
		ends.Each(func(end kadm.ListedOffset) { offsets.AddOffset(end.Topic, end.Partition, end.Offset, -1) })
		check(t, admin.CommitAllOffsets(t.Context(), g.estate.Group(group), offsets))
	}
}

// dyingBroker kills brokers of the source while cutover waits for its log ends to stand
// still: one, which the others replace, and another, which nobody does.
func (g *ground) dyingBroker(t *testing.T) {
	before := g.state(t)
	verify := g.commands(t, connections(t, g.login(g.source, mover), g.login(g.target, mover)))[0]
	verify.args = append(verify.args, "--quiet-for", "6s", "--wait", "1m")
	while := func(id, code int, words ...string) {
		t.Helper()
		timer := time.AfterFunc(2*time.Second, func() { g.source.Kill(id) })
		defer timer.Stop()
		began := time.Now()
		verify.code = code
		said := g.run(t, verify)
		g.logf(t, "broker %d was killed; %s ended with %d after %.1f s:\n%s", id, verify.name, code, time.Since(began).Seconds(), indent(said))
		expectWords(t, verify.name, said, words...)
	}
	while(1, 0, "holds", "0 log ends moved")
	while(2, 2, "unknown", "hint:")
	for _, id := range []int{1, 2} {
		check(t, g.source.Rejoin(t.Context(), id))
	}
	check(t, g.source.AwaitInSync(t.Context()))
	g.logf(t, "both brokers are back, all replicas in sync")
	g.refuse(t, command{verify.name, verify.args, 0}, "1 of 1 gates hold")
	if after := g.state(t); after != before {
		t.Errorf("a cluster has changed:\nbefore\n%s\nafter\n%s", before, after)
	}
}
