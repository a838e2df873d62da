package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/client-go/util/retry"

	"cutover/generator/finding"
)

// Positions are offsets by topic, each topic's by partition.
type Positions map[string][]int64

// Partitions counts the partitions of all topics.
func (p Positions) Partitions() int {
	sum := 0
	for _, offsets := range p {
		sum += len(offsets)
	}
	return sum
}

// maxPositions is how many bytes the positions of all phases may have together: an object of
// Kubernetes has no more than 1 MiB. It is enough for about 100,000 partitions.
const maxPositions = 900 << 10

// positions is the store of the ConfigMap beside the ledger, CUTOVER-positions, which holds
// one entry a phase. The ledger itself stays small, and is read by the other cluster.
func (s Store) positions() Store {
	s.Ref.Name = strings.TrimSuffix(s.Ref.Name, "-ledger") + "-positions"
	return s
}

// TooMany is the rule of the finding for positions that no ConfigMap can hold.
const TooMany = "positions-too-many"

// Record keeps the positions at which a phase found the logs. Those that it kept before are
// replaced. What is too large for a ConfigMap is refused with a finding of rule [TooMany],
// and nothing is changed.
func (s Store) Record(ctx context.Context, phase string, positions Positions) error {
	text, err := json.Marshal(positions)
	if err != nil {
		return fmt.Errorf("positions of phase %s: %w", phase, err)
	}
	s = s.positions()
	return retry.OnError(retry.DefaultRetry, contended, func() error {
		configMap, err := s.get(ctx)
		if err != nil {
			return err
		}
		draft := s.draft(configMap)
		if draft.Data[phase] == string(text) {
			return nil
		}
		draft.Data[phase] = string(text)
		if size := sizeOf(draft.Data); size > maxPositions {
			return finding.Finding{Rule: TooMany, Severity: finding.Error, Object: s.String(), Phase: phase,
				Message: fmt.Sprintf("the positions of %d partitions make it %d KiB; it holds no more than %d KiB", positions.Partitions(), size>>10, maxPositions>>10),
				Hint:    "spread the workloads over more migrations, or note the log ends yourself before producers start"}
		}
		return s.put(ctx, configMap, draft)
	})
}

func sizeOf(data map[string]string) int {
	size := 0
	for key, text := range data {
		size += len(key) + len(text)
	}
	return size
}

// Recorded gives the positions that the phases of a hundred recorded, such as 1 for 100 to
// 199; none where none did. One that a person has damaged is an error: a mirror that begins
// anywhere else copies what the other cluster has.
func (s Store) Recorded(ctx context.Context, hundred string) (Positions, error) {
	s = s.positions()
	configMap, err := s.get(ctx)
	if err != nil || configMap == nil {
		return nil, err
	}
	all := make(Positions)
	for _, phase := range slices.Sorted(maps.Keys(configMap.Data)) {
		text := configMap.Data[phase]
		if !phaseKey.MatchString(phase) || !strings.HasPrefix(phase, hundred) {
			continue
		}
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return nil, finding.Finding{Rule: "positions", Severity: finding.Error, Object: s.String(), Phase: phase,
				Message: "its positions cannot be read: " + err.Error(), Hint: "bring the ConfigMap back as it was: a text such as {\"orders\":[120,118]}, the log ends by partition"}
		}
	}
	return all, nil
}
