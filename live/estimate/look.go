package estimate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"cutover/generator/plan"
	"cutover/live/position"
	"cutover/live/record"
)

// Clusters are what is looked at. Target is nil where it is not asked.
type Clusters struct{ Source, Target *kgo.Client }

// Look looks at the mirrored topics of both clusters once. What it may not see is -1.
func (c Clusters) Look(ctx context.Context, p *plan.Plan) (Look, error) {
	look := Look{At: time.Now(), Logs: make(map[record.Partition]Log)}
	topics := Mirrored(p)
	var names []string
	for _, topic := range topics {
		names = append(names, topic.Name)
		for number := range topic.Partitions {
			look.Logs[record.Partition{Topic: topic.Name, Number: number}] = Log{Start: -1, End: -1, Bytes: -1, Next: -1, Recent: -1, TargetStart: -1, TargetEnd: -1}
		}
	}
	if len(names) == 0 {
		return look, nil
	}
	source := kadm.NewClient(c.Source)
	asks := []ask{
		{source.ListStartOffsets, func(l *Log, o int64) { l.Start = o }},
		{since(source, look.At.Add(-noteAge)), func(l *Log, o int64) { l.Recent = o }},
		{source.ListEndOffsets, func(l *Log, o int64) { l.End = o }},
	}
	if c.Target != nil {
		target := kadm.NewClient(c.Target)
		asks = append(asks, ask{target.ListStartOffsets, func(l *Log, o int64) { l.TargetStart = o }}, ask{target.ListEndOffsets, func(l *Log, o int64) { l.TargetEnd = o }})
	}
	for _, one := range asks {
		if err := look.ask(ctx, names, one); err != nil {
			return look, err
		}
	}
	look.sizes(ctx, source)
	if c.Target == nil {
		return look, nil
	}
	return look, look.positions(ctx, c.Target, p.Mirror)
}

// ask is one of the questions about offsets.
type ask struct {
	list func(context.Context, ...string) (kadm.ListedOffsets, error)
	set  func(*Log, int64)
}

// since asks for the first record of each partition from a moment on.
func since(admin *kadm.Client, moment time.Time) func(context.Context, ...string) (kadm.ListedOffsets, error) {
	return func(ctx context.Context, topics ...string) (kadm.ListedOffsets, error) {
		return admin.ListOffsetsAfterMilli(ctx, moment.UnixMilli(), topics...)
	}
}

func (l *Look) ask(ctx context.Context, topics []string, a ask) error {
	listed, err := a.list(ctx, topics...)
	if err != nil && len(listed) == 0 && !refused(err) {
		return err
	}
	listed.Each(func(o kadm.ListedOffset) {
		at := record.Partition{Topic: o.Topic, Number: o.Partition}
		if log, ok := l.Logs[at]; ok && o.Err == nil {
			a.set(&log, o.Offset)
			l.Logs[at] = log
		}
	})
	return nil
}

func refused(err error) bool {
	return errors.Is(err, kerr.TopicAuthorizationFailed) || errors.Is(err, kerr.ClusterAuthorizationFailed)
}

// sizes asks how large logs are; of the replicas, the largest counts. A user who may not see
// it makes do with messages.
func (l *Look) sizes(ctx context.Context, admin *kadm.Client) {
	asked := make(kadm.TopicsSet)
	for at := range l.Logs {
		asked.Add(at.Topic, at.Number)
	}
	described, err := admin.DescribeAllLogDirs(ctx, asked)
	if err != nil && len(described) == 0 {
		return
	}
	described.Each(func(dir kadm.DescribedLogDir) {
		dir.Topics.Each(func(p kadm.DescribedLogDirPartition) {
			at := record.Partition{Topic: p.Topic, Number: p.Partition}
			if log, ok := l.Logs[at]; ok && dir.Err == nil && !p.IsFuture {
				log.Bytes = max(log.Bytes, p.Size)
				l.Logs[at] = log
			}
		})
	})
}

// positions reads what the mirror's workers noted: of each partition, the last offset that
// was copied. Of one key the last note counts.
func (l *Look) positions(ctx context.Context, target *kgo.Client, mirror plan.Mirror) error {
	topic := mirror.StorageTopic("offsets")
	admin := kadm.NewClient(target)
	ranges := make(map[record.Partition]record.Range)
	starts, err := admin.ListStartOffsets(ctx, topic)
	if err != nil && !refused(err) {
		return err
	}
	ends, err := admin.ListEndOffsets(ctx, topic)
	if err != nil && !refused(err) {
		return err
	}
	ends.Each(func(end kadm.ListedOffset) {
		if start, ok := starts.Lookup(topic, end.Partition); ok && end.Err == nil && start.Err == nil {
			ranges[record.Partition{Topic: topic, Number: end.Partition}] = record.Range{From: start.Offset, To: end.Offset}
		}
	})
	_, err = record.Reader{Client: target}.Read(ctx, ranges, func(r *kgo.Record) bool {
		note, ok := position.Read(r, mirror.SourceAlias, mirror.TargetAlias)
		if log, known := l.Logs[note.Partition]; ok && known {
			log.Next = note.Offset + 1
			if note.Taken {
				log.Next = -1
			}
			l.Logs[note.Partition] = log
		}
		return true
	})
	return err
}

// Mirrored gives the topics that the mirror copies, sorted by name, without retention.
func Mirrored(p *plan.Plan) []Topic {
	var topics []Topic
	for _, topic := range p.Topics {
		if topic.NotMirrored == "" {
			topics = append(topics, Topic{Name: topic.Name, Partitions: max(topic.Source.Partitions, 1)})
		}
	}
	slices.SortFunc(topics, func(x, y Topic) int { return strings.Compare(x.Name, y.Name) })
	return topics
}

// Retention asks the source's brokers what each topic has in effect.
func (c Clusters) Retention(ctx context.Context, topics []Topic) error {
	index := make(map[string]*Topic, len(topics))
	var names []string
	for i := range topics {
		index[topics[i].Name] = &topics[i]
		names = append(names, topics[i].Name)
	}
	for some := range slices.Chunk(names, 1000) {
		configs, err := kadm.NewClient(c.Source).DescribeTopicConfigs(ctx, some...)
		if err != nil && !refused(err) {
			return fmt.Errorf("read retention: %w", err)
		}
		for _, one := range configs {
			for _, config := range one.Configs {
				if topic := index[one.Name]; topic != nil {
					topic.set(config.Key, config.MaybeValue())
				}
			}
		}
	}
	return nil
}

// set takes in one setting. Where the policy is to compact alone, retention deletes nothing.
func (t *Topic) set(key, value string) {
	number, err := strconv.ParseInt(value, 10, 64)
	switch {
	case key == "cleanup.policy":
		t.endless = !strings.Contains(value, "delete")
	case err != nil:
	case key == "retention.ms":
		// Beyond some 290 years a Duration has no room, and nobody waits.
		t.Retention = time.Duration(min(number, int64(1<<62/time.Millisecond))) * time.Millisecond
	case key == "retention.bytes":
		t.RetentionBytes = number
	}
}
