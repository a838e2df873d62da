package kafka_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cutover/e2e/kafka/broker"
	"cutover/e2e/kafka/consumergroups"
	"cutover/e2e/kafka/estate"
	"cutover/e2e/kafka/java"
	"cutover/e2e/kafka/product"
)

// large is as many partitions and groups as a cluster of AMQ Streams has at most.
func large() estate.Estate {
	return estate.Estate{Topics: 100, Partitions: 100, Groups: 200, Reads: 2, Records: 3, Since: time.Now()}
}

// TestLagOfTenThousandPartitions holds the drained gate against kafka-consumer-groups.sh on
// the same cluster: it prints how long each takes, and fails where they count differently.
func TestLagOfTenThousandPartitions(t *testing.T) {
	for _, version := range []string{"2.8.0", "2.4.0"} {
		t.Run("of Kafka "+version, func(t *testing.T) {
			b := newBench(t, version, large())
			b.commit(t, lagging)
			first := b.measure(t, "lagging")
			b.commit(t, drainedCommits)
			second := b.measure(t, "drained")
			t.Logf("both on %d brokers\n%s", benchBrokers, b.table(first, second))
			if !first.same || !second.same {
				t.Error("the lag figures differ")
			}
			if first.holds || !second.holds {
				t.Errorf("the gate holds with lag: %t; without: %t", first.holds, second.holds)
			}
		})
	}
}

const benchBrokers = 3

// bench is a large cluster, and cutover beside it.
type bench struct {
	estate  estate.Estate
	cluster *broker.Cluster
	runtime java.Runtime
	product string
	folder  string
	began   time.Time
}

func newBench(t *testing.T, version string, e estate.Estate) *bench {
	t.Helper()
	runtime, ok := java.FromEnvironment()
	if !ok {
		t.Skip("CUTOVER_KAFKA is not set: ./run sets it")
	}
	b := &bench{estate: e, runtime: runtime, folder: scratch(t), began: time.Now()}
	binaries := subfolder(t, b.folder, "bin")
	_, err := product.Build(t.Context(), "../..", binaries)
	check(t, err)
	b.product = binaries + "/cutover"
	check(t, e.Write(b.folder))
	b.cluster, err = broker.Start(t.Context(), broker.Options{
		Name: "estate", Java: runtime, Version: version, Brokers: benchBrokers, Folder: subfolder(t, b.folder, "kafka"),
		JVM: []string{"-Xmx1g"}, ZooKeeperJVM: []string{"-Xmx256m"},
		Config: map[string]string{
			"offsets.topic.replication.factor": "1", "transaction.state.log.replication.factor": "1", "transaction.state.log.min.isr": "1",
			"transaction.state.log.num.partitions": "3", "auto.create.topics.enable": "false",
			"log.index.size.max.bytes": "65536", // the default makes an index of 10 MiB for each partition
		},
	})
	check(t, err)
	t.Cleanup(b.cluster.Stop)
	b.logf(t, "%d brokers run", benchBrokers)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	check(t, e.Create(ctx, b.cluster, 1))
	b.logf(t, "%d topics are there", e.Topics)
	check(t, e.Fill(ctx, b.cluster))
	b.logf(t, "%d records are written", e.Topics*e.Partitions*e.Records)
	return b
}

func (b *bench) logf(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Logf("%5.1fs  %s", time.Since(b.began).Seconds(), fmt.Sprintf(format, args...))
}

func (b *bench) commit(t *testing.T, commits estate.Commits) {
	t.Helper()
	check(t, b.estate.Commit(t.Context(), b.cluster, commits))
	b.logf(t, "%d groups have committed", b.estate.Groups)
}

// lagging is one group in twenty behind on some partitions, and one in fifty without a commit
// on one.
func lagging(group, partition int, _ string) (behind int64, known bool) {
	switch {
	case group%50 == 3 && partition == 17:
		return 0, false
	case group%20 == 7 && partition%10 == 1:
		return int64(1 + partition%2), true
	}
	return 0, true
}

// drainedCommits is every group behind the last record.
func drainedCommits(int, int, string) (behind int64, known bool) { return 0, true }

// measured is one state of the cluster, as both saw it.
type measured struct {
	state             string
	tool, gate, quiet time.Duration
	lag               int64
	commits           int
	holds, same       bool
}

// measure asks cutover, then the tool, whose brokers are warm by then, and compares what they say of every group.
func (b *bench) measure(t *testing.T, state string) measured {
	t.Helper()
	m := measured{state: state, same: true}
	began := time.Now()
	gate := b.verify(t)
	m.gate = time.Since(began)
	began = time.Now()
	output, err := consumergroups.DescribeAll(t.Context(), b.runtime, b.cluster.Module(), b.cluster.Bootstrap())
	m.tool = time.Since(began)
	check(t, err)
	want, err := consumergroups.Parse(output)
	check(t, err)
	m.holds, m.quiet = gate.Holds, time.Duration(gate.Measured["quietSeconds"])*time.Second
	if len(want) != b.estate.Groups || len(gate.Groups) != b.estate.Groups {
		t.Errorf("%s: the tool tells of %d groups, cutover of %d, want %d", state, len(want), len(gate.Groups), b.estate.Groups)
	}
	for _, got := range gate.Groups {
		m.lag += got.Lag
		m.commits += got.Partitions
		if one := want[got.Group]; one != (consumergroups.Lag{Records: got.Lag, Partitions: got.Partitions}) {
			m.same = false
			t.Errorf("%s: of group %s the tool says %+v, cutover lag %d over %d partitions", state, got.Group, one, got.Lag, got.Partitions)
		}
	}
	b.logf(t, "%s: measured; the gate says: %s", state, gate.Seen)
	return m
}

// lagGate is what cutover verify says of the drained gate.
type lagGate struct {
	Holds    bool             `json:"holds"`
	Seen     string           `json:"seen"`
	Measured map[string]int64 `json:"measured"`
	Groups   []struct {
		Group      string `json:"group"`
		Lag        int64  `json:"lag"`
		Partitions int    `json:"partitions"`
	} `json:"groups"`
}

func (b *bench) verify(t *testing.T) lagGate {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), b.product, "verify", b.folder, "--phase", estate.Drained, "--source-bootstrap", b.cluster.Bootstrap(), "-o", "json") //nolint:gosec // the test chooses the program
	output, err := cmd.Output()
	if ended := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &ended) || ended.ExitCode() != 2) {
		t.Fatalf("%v: %s", cmd, err)
	}
	var answer struct {
		Gates []lagGate `json:"gates"`
	}
	check(t, json.Unmarshal(output, &answer))
	if len(answer.Gates) != 1 {
		t.Fatalf("phase %s has %d gates, want that of being drained alone", estate.Drained, len(answer.Gates))
	}
	return answer.Gates[0]
}

// table shows states beside each other, as docs/benchmark-lag.md has it. While the gate waits
// for log ends to stand still it does what the tool does not do: that time is taken off.
func (b *bench) table(all ...measured) string {
	var text strings.Builder
	text.WriteString("| Kafka | partitions | groups | commits | state | lag | figures of all groups | kafka-consumer-groups.sh | cutover verify | faster by | the gate |\n")
	text.WriteString("|---|---:|---:|---:|---|---:|---|---:|---:|---:|---|\n")
	for _, m := range all {
		same, verdict := "equal", "does not hold"
		if !m.same {
			same = "DIFFER"
		}
		if m.holds {
			verdict = fmt.Sprintf("holds, after watching for %s", m.quiet)
		}
		own := m.gate - m.quiet
		fmt.Fprintf(&text, "| %s | %d | %d | %d | %s | %d | %s | %.2f s | %.2f s | %.0f× | %s |\n", strings.TrimPrefix(b.cluster.Module(), "kafka-"),
			b.estate.Topics*b.estate.Partitions, b.estate.Groups, m.commits, m.state, m.lag, same, m.tool.Seconds(), own.Seconds(), float64(m.tool)/float64(own), verdict)
	}
	return text.String()
}
