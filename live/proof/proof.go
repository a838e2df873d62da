// Package proof decides whether the conditions hold that must hold before a phase: each
// gate of a gate.yaml is a question to the running clusters, and its answer is a row that
// says what was asked, what was seen and what stands in the way. Nothing is changed on any
// cluster. What cannot be found out does not hold.
package proof

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"k8s.io/client-go/dynamic"

	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/live/clock"
)

// Request is one evaluation of the gates of a phase.
type Request struct {
	// Gates are those of the phase, in its order.
	Gates []plan.Gate
	// Scope says what they speak of.
	Scope overlay.Scope
	// Source and Target are how the two clusters are reached.
	Source, Target Cluster
	// Connect is the REST interface of the mirror's Kafka Connect, nil where the
	// KafkaMirrorMaker2's status is asked instead.
	Connect *Connect
	Options Options
}

// Options are what a person may set.
type Options struct {
	// QuietFor is how long log ends must stand still.
	QuietFor time.Duration
	// MaxLag is how many records a mirror may be behind and still count as running.
	MaxLag int64
	// Tail is how many data records at the end of each partition are compared.
	Tail int
	// Window is the time over which traffic is compared.
	Window time.Duration
	// Now tells the time, and Pause waits; the machine's clock where nil.
	Now   func() time.Time
	Pause func(context.Context, time.Duration) error
}

// DefaultOptions are what holds where nobody says anything.
func DefaultOptions() Options {
	return Options{QuietFor: 10 * time.Second, MaxLag: 10_000, Tail: 20, Window: time.Hour}
}

// Cluster is how one cluster is reached. What is nil is not reached, and gates that need it
// do not hold; the error beside it says why, where there is a reason.
type Cluster struct {
	Kafka   *Kafka
	Objects dynamic.Interface
	// KafkaErr and ObjectsErr say why there is no client.
	KafkaErr, ObjectsErr error
}

// Kafka is a connection to a cluster's brokers.
type Kafka struct {
	Client *kgo.Client
	// Explain turns errors of the client into what they mean.
	Explain func(error) error
}

// Connect is the REST interface of a Kafka Connect cluster.
type Connect struct {
	// URL has no path.
	URL    string
	Client *http.Client
}

// maxParallel bounds how many gates are evaluated at once.
const maxParallel = 6

// Prove evaluates all gates at once and gives their results in the order of the gates. It
// returns when the last is known; with ctx done, what is not known does not hold.
func Prove(ctx context.Context, r Request) []Result {
	if r.Options.Now == nil {
		r.Options.Now = time.Now
	}
	if r.Options.Pause == nil {
		r.Options.Pause = clock.Wait
	}
	results := make([]Result, len(r.Gates))
	slots := make(chan struct{}, maxParallel)
	var wait sync.WaitGroup
	for i, gate := range r.Gates {
		wait.Go(func() {
			slots <- struct{}{}
			results[i] = r.prove(ctx, gate)
			<-slots
		})
	}
	wait.Wait()
	return results
}

// gates has for each name in a gate.yaml what answers it. An error says that the question
// could not be answered.
func gates() map[string]func(context.Context, *question) error {
	return map[string]func(context.Context, *question) error{
		"inventory-complete": inventoryComplete,
		"source-reachable":   sourceReachable,
		"operator-ready":     operatorReady,
		"secrets-present":    secretsPresent,
		"kafka-ready":        kafkaReady,
		"topics-ready":       topicsReady,
		"users-ready":        usersReady,
		"retention-parity":   retentionParity,
		"workloads-ready":    workloadsReady,
		"workloads-stopped":  workloadsStopped,
		"groups-not-ahead":   groupsNotAhead,
		"mirror-running":     mirrorRunning,
		"mirror-paused":      mirrorPaused,
		"source-quiet":       sourceQuiet,
		"drained":            drained,
		"mirror-caught-up":   mirrorCaughtUp,
		"positions-recorded": positionsRecorded,
		"offsets-aligned":    offsetsAligned,
		"tails-equal":        tailsEqual,
		"traffic-parity":     trafficParity,
	}
}

func (r Request) prove(ctx context.Context, gate plan.Gate) Result {
	q := &question{Request: r, gate: gate, Result: Result{Gate: gate.Name, Cluster: gate.Side, Asked: gate.Asks, Left: -1}}
	answer := gates()[gate.Name]
	if answer == nil {
		q.unknown(fmt.Errorf("there is no gate of this name: the tree was written by another version of cutover"))
		return q.done()
	}
	if err := answer(ctx, q); err != nil {
		q.unknown(err)
	}
	return q.done()
}
