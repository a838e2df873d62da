package offset_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// data gives the committed values of a source with their offsets.
func (s side) data() (values []string, at []int64) {
	s.t.Helper()
	for _, r := range s.read(0) {
		values, at = append(values, string(r.Value)), append(at, r.Offset)
	}
	return values, at
}

// TestRandomLogsAreAligned writes what nobody has thought of: plain records, transactions that
// commit and abort, a mirror that is killed and copies again, and records of the target's own.
func TestRandomLogsAreAligned(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			source, target := newSide(t), newSide(t)
			next := 0
			for part := range 2 + r.IntN(5) {
				n := next + 1 + r.IntN(40)
				switch r.IntN(3) {
				case 0:
					source.write(source.client, next, n)
				case 1:
					source.transact(fmt.Sprintf("c%d", part), kgo.TryCommit, next, n)
				case 2:
					source.transact(fmt.Sprintf("a%d", part), kgo.TryAbort, next, n)
				}
				next = n
			}
			values, at := source.data()
			source.mirror(target, 0)
			own := r.IntN(3)
			again := len(at) > 0 && own == 0 && r.IntN(3) == 0
			if again {
				source.mirror(target, at[r.IntN(len(at))])
			}
			target.write(target.client, 1000, 1000+own)
			end := int64(0)
			if len(at) > 0 {
				end = at[len(at)-1] + 1
			}
			committed := r.Int64N(end + 1)
			source.commit("billing", 0, committed)

			proofs := source.prove(target, "orders")
			var want []string
			for i, value := range values {
				if at[i] >= committed {
					want = append(want, value)
				}
			}
			for i := range own {
				want = append(want, fmt.Sprint(1000+i))
			}
			switch {
			case !proofs[0].Proven() && !again:
				t.Errorf("refused without need: %+v", proofs[0])
			case proofs[0].Proven() && target.log(proofs[0].Offset) != strings.Join(want, " "):
				t.Errorf("%+v reads %s, want %v", proofs[0], target.log(proofs[0].Offset), want)
			}
		})
	}
}
