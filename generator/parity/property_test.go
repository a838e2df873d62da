package parity_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"cutover/generator/inventory"
	"cutover/generator/parity"
	"cutover/generator/strimzi/v1beta2"
)

// random makes a source that needs no change on its way.
func random(r *rand.Rand) source {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	config := func() []string {
		var pairs []string
		for _, setting := range [][2]string{
			{"retention.ms", fmt.Sprint(r.Int64())}, {"cleanup.policy", pick("delete", "compact", "compact,delete")},
			{"segment.bytes", fmt.Sprint(r.Int32())}, {"max.message.bytes", fmt.Sprint(r.IntN(1 << 30))}, {"compression.type", pick("zstd", "producer")},
		} {
			if r.IntN(2) == 0 {
				pairs = append(pairs, setting[:]...)
			}
		}
		return pairs
	}
	s := source{config: map[string]string{}}
	for i := range r.IntN(20) {
		made := topic(fmt.Sprintf("topic-%d", i), config()...)
		made.Partitions = 1 + r.Int32N(100)
		if r.IntN(2) == 0 {
			made.Labels = map[string]string{"team": pick("yard", "billing")}
		}
		s.topics = append(s.topics, made)
	}
	for i := range r.IntN(5) {
		made := user(fmt.Sprintf("user-%d", i), allow("Read", "a"), allow("Write", pick("a", "b")))
		if r.IntN(2) == 0 {
			rate := r.Int64()
			made.Spec.Quotas = &v1beta2.KafkaUserQuotas{ProducerByteRate: &rate}
		}
		s.users = append(s.users, made)
	}
	for _, key := range []string{"log.retention.hours", "log.retention.minutes", "log.roll.hours", "num.io.threads"} {
		if r.IntN(2) == 0 {
			s.config[key] = fmt.Sprint(1 + r.IntN(1000))
		}
	}
	s.config["replica.fetch.max.bytes"] = "2147483647"
	return s
}

func TestAPlanOfTheSameConfigurationHasNoDifference(t *testing.T) {
	for seed := range uint64(60) {
		report := parity.Compare(decide(t, random(rand.New(rand.NewPCG(seed, 1))), ""))
		if differences := report.Differences(); len(differences) > 0 {
			t.Fatalf("seed %d: got %+v", seed, differences)
		}
		if findings := report.Findings(); len(findings) > 0 {
			t.Fatalf("seed %d: got %v", seed, findings)
		}
	}
}

func TestTheOrderOfTheInventoryDoesNotMatter(t *testing.T) {
	for seed := range uint64(15) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := random(r)
		s.kafka = "2.4.0"
		first := rendered(t, parity.Compare(unpin(t, decide(t, s, ""))))
		s.topics, s.users = slices.Clone(s.topics), slices.Clone(s.users)
		r.Shuffle(len(s.topics), func(i, j int) { s.topics[i], s.topics[j] = s.topics[j], s.topics[i] })
		r.Shuffle(len(s.users), func(i, j int) { s.users[i], s.users[j] = s.users[j], s.users[i] })
		if second := rendered(t, parity.Compare(unpin(t, decide(t, s, "")))); !bytes.Equal(first, second) {
			t.Fatalf("seed %d: the reports differ", seed)
		}
	}
}

func rendered(t testing.TB, report parity.Report) []byte {
	t.Helper()
	content, err := report.JSON(true)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestACLsAreASet(t *testing.T) {
	spelled := allow("Read", "a")
	spelled.Host, spelled.Type, spelled.Resource.PatternType = "*", "allow", "literal"
	p := decide(t, source{users: []inventory.User{user("billing", allow("Read", "a"), allow("Write", "b"))}}, "")
	p.Users[0].Spec.Authorization = &v1beta2.KafkaUserAuthorization{Type: "simple", ACLs: []v1beta2.ACLRule{allow("Write", "b"), spelled, spelled}}
	if differences := parity.Compare(p).Differences(); len(differences) > 0 {
		t.Errorf("got %+v", differences)
	}
}

// many is a source of n topics, every third with settings of its own.
func many(n int) source {
	s := source{kafka: "2.4.0"}
	for i := range n {
		made := topic(fmt.Sprintf("topic-%05d", i))
		if i%3 == 0 {
			made = topic(fmt.Sprintf("topic-%05d", i), "retention.ms", "86400000", "cleanup.policy", "compact", "message.format.version", "2.3")
		}
		s.topics = append(s.topics, made)
	}
	return s
}

// The time for each topic is to be the same at both sizes.
func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(fmt.Sprintf("%d topics", n), func(b *testing.B) {
			p := unpin(b, decide(b, many(n), `topics: {overrides: [{pattern: "topic-.*1", config: {segment.bytes: 5}}]}`))
			b.ReportAllocs()
			for b.Loop() {
				report := parity.Compare(p)
				if _, err := report.Table(false); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/topic")
		})
	}
}
