package capture

import (
	"maps"
	"slices"

	"cutover/generator/inventory"
)

// Snapshot is what the brokers of a cluster said at one moment.
type Snapshot struct {
	// Version is the Kafka version whose requests the brokers serve, such as "2.4".
	Version string
	// Brokers are their numbers, sorted.
	Brokers []int32
	// Topics are sorted by name, internal ones included.
	Topics []Topic
	// Configs are what is set dynamically on brokers.
	Configs []inventory.BrokerConfig
	// Groups are all groups, sorted by name, those of Connect workers among them.
	Groups []Group
	// Users are the principals with ACLs, quotas or passwords, sorted by name.
	Users []inventory.BrokerUser

	acls, quotas, passwords bool
	hidden                  unseen
}

// Topic is one topic at that moment.
type Topic struct {
	Name     string
	Internal bool
	Replicas int32
	// Config is what is set on the topic itself; nil where it was not shown.
	Config map[string]string
	// Transactional tells that a transactional producer has lately written to it, or has a
	// transaction open. Its absence proves nothing.
	Transactional bool
	// Partitions are sorted by number.
	Partitions []Partition
}

// Partition is the log of one partition. Offsets are -1 where they were not shown.
type Partition struct {
	Number int32
	// Start is the first offset that is kept, End the next to be written, and Stable the
	// first that an open transaction holds back from committed reads, else End.
	Start, End, Stable int64
}

// Group is one group at that moment.
type Group struct {
	Name string
	// Protocol is consumer, connect, or "" where no member ever joined.
	Protocol string
	// State is Kafka's word: Stable, Empty, Dead …
	State string
	// Members are sorted by their ids.
	Members []Member
	// Offsets are the committed ones by topic and partition. A partition that is missing has
	// no commit: how far the group is there is unknown.
	Offsets map[string]map[int32]int64
}

// Member is one member of a group.
type Member struct {
	ID, Client, Host string
	// Topics are those it is assigned partitions of, sorted.
	Topics []string
}

// topics gives the topics that a group has offsets of or is assigned, sorted.
func (g Group) topics() []string {
	all := slices.Collect(maps.Keys(g.Offsets))
	for _, member := range g.Members {
		all = append(all, member.Topics...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Inventory gives what of a snapshot belongs into an inventory: all that holds no moment.
func (s Snapshot) Inventory() *inventory.Brokers {
	brokers := &inventory.Brokers{
		Version: s.Version, Count: int32(len(s.Brokers)), Configs: s.Configs, Users: s.Users, //nolint:gosec // Kafka counts in 32 bits
		ACLsSeen: s.acls, QuotasSeen: s.quotas, PasswordsSeen: s.passwords, Unseen: s.hidden.all,
	}
	for _, topic := range s.Topics {
		brokers.Topics = append(brokers.Topics, inventory.BrokerTopic{
			Name: topic.Name, Partitions: int32(len(topic.Partitions)), Replicas: topic.Replicas, Config: topic.Config, Transactional: topic.Transactional, //nolint:gosec // as above
		})
	}
	for _, group := range s.Groups {
		if group.Protocol == "" || group.Protocol == "consumer" { // as kafka-consumer-groups.sh does
			brokers.Groups = append(brokers.Groups, inventory.Group{Name: group.Name, State: group.State, Topics: group.topics()})
		}
	}
	return brokers
}

// Totals are the sums of a snapshot, for a person.
type Totals struct {
	Topics, Partitions, Groups int
	// Records is how many offsets lie between the starts and the ends of the logs. Where
	// topics are compacted or transactional there are fewer records.
	Records int64
	// Lag is the sum of what groups have yet to read of the partitions that they committed.
	Lag int64
	// Uncommitted is how many partitions of groups' topics have no commit.
	Uncommitted int
}

// Totals adds a snapshot up, internal topics left out.
func (s Snapshot) Totals() Totals {
	totals := Totals{Groups: len(s.Groups)}
	ends := make(map[string][]Partition)
	for _, topic := range s.Topics {
		ends[topic.Name] = topic.Partitions
		if topic.Internal {
			continue
		}
		totals.Topics++
		totals.Partitions += len(topic.Partitions)
		for _, partition := range topic.Partitions {
			if partition.Start >= 0 && partition.End >= 0 {
				totals.Records += partition.End - partition.Start
			}
		}
	}
	for _, group := range s.Groups {
		for topic, offsets := range group.Offsets {
			for _, partition := range ends[topic] {
				committed, ok := offsets[partition.Number]
				switch {
				case !ok:
					totals.Uncommitted++
				case partition.End >= 0:
					totals.Lag += partition.End - committed
				}
			}
		}
	}
	return totals
}
