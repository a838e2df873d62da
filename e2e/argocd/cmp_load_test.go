package argocd_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cutover/e2e/argocd/product"
	"cutover/e2e/argocd/sidecar"
)

func TestTwentyThousandTopicsComeWithinTheDeadline(t *testing.T) {
	const topics = 20_000
	p := product.Open(t)
	s, client := start(t, p)
	tree := p.Generate(t, grown(t, p, topics))
	for _, phase := range product.Phases(t, tree) {
		if phase.Number <= "050" {
			product.Advance(t, tree, phase)
		}
	}
	t.Run("whole", func(t *testing.T) {
		began := time.Now()
		got, err := client.Generate(within(t), of(tree, sidecar.Text("cluster", "target")))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d objects in %v", len(got), time.Since(began).Round(time.Millisecond))
		if want := parsed(t, p.Render(t, tree, "target", "")); !slices.Equal(got, want) || len(got) < topics {
			t.Errorf("the sidecar gives %d objects that are not the %d of cutover render", len(got), len(want))
		}
	})
	t.Run("cancelled while it runs, it gives nothing and is gone", func(t *testing.T) {
		ctx, cancel := context.WithCancel(within(t))
		defer cancel()
		seen := make(chan bool, 1)
		go func() {
			defer cancel()
			seen <- eventually(20*time.Second, func() bool { return len(s.Running()) > 0 })
		}()
		got, err := client.Generate(ctx, of(tree, sidecar.Text("cluster", "target")))
		if !<-seen {
			t.Fatal("the plugin's process was not seen")
		}
		gone(t, s, got, err, codes.Canceled)
	})
	t.Run("out of time, it gives nothing and is gone", func(t *testing.T) {
		ctx, cancel := context.WithCancel(within(t))
		defer cancel()
		began := time.Now()
		if _, err := client.Generate(ctx, of(tree, sidecar.Text("cluster", "target"))); err != nil {
			t.Fatal(err)
		}
		// Enough for the files to arrive, too little for the whole answer.
		short, cancelShort := context.WithTimeout(within(t), time.Since(began)*3/4)
		defer cancelShort()
		got, err := client.Generate(short, of(tree, sidecar.Text("cluster", "target")))
		gone(t, s, got, err, codes.DeadlineExceeded, codes.Unknown)
	})
	t.Run("and the next request is answered", func(t *testing.T) {
		if _, err := client.Generate(within(t), of(tree, sidecar.Text("cluster", "source"))); err != nil {
			t.Error(err)
		}
	})
}

// gone checks that a request failed with one of the codes, gave nothing, and left neither a
// process nor a file in the sidecar.
func gone(t *testing.T, s *sidecar.Sidecar, got []string, err error, want ...codes.Code) {
	t.Helper()
	if code := status.Code(err); !slices.Contains(want, code) || len(got) > 0 {
		t.Errorf("it gives %d objects and %v", len(got), err)
	}
	if !eventually(8*time.Second, func() bool { return len(s.Running()) == 0 }) {
		t.Errorf("the plugin still runs: %q", s.Running())
	}
	if !eventually(8*time.Second, func() bool { return len(s.Leftovers(t)) == 0 }) {
		t.Errorf("left in the sidecar: %q", s.Leftovers(t))
	}
}

// grown is the small migration with so many topics more.
func grown(t *testing.T, p product.Product, topics int) string {
	t.Helper()
	example := p.Example(t, "cmd", "cutover", "testdata", "small")
	var out strings.Builder
	for i := range topics {
		fmt.Fprintf(&out, `---
apiVersion: kafka.strimzi.io/v1beta1
kind: KafkaTopic
metadata:
  name: load-%05d
  namespace: kafka
  labels:
    strimzi.io/cluster: yard
spec:
  partitions: %d
  replicas: 3
  config:
    retention.ms: "%d"
`, i, 1+i%12, 3_600_000+i)
	}
	if err := os.WriteFile(filepath.Join(example, "export", "load.yaml"), []byte(out.String()), fs.FileMode(0o600)); err != nil {
		t.Fatal(err)
	}
	return example
}

// eventually tells whether what holds holds before the time is over.
func eventually(wait time.Duration, holds func() bool) bool {
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return true
		}
	}
	return holds()
}
