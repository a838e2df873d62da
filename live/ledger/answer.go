package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	"k8s.io/client-go/util/retry"

	"cutover/generator/overlay"
)

// answersKey is where a phase's answers wait between its two Jobs: the one that asks the
// gates runs before the sync, and the one that writes the phase down after it.
func answersKey(phase string) string { return phase + ".gates" }

// Note keeps what the gates of a phase answered, until the phase is written down. It changes
// neither what is done nor any entry.
func (s Store) Note(ctx context.Context, phase string, answers []Answer) error {
	text, err := json.Marshal(answers)
	if err != nil {
		return fmt.Errorf("answers of phase %s: %w", phase, err)
	}
	return retry.OnError(retry.DefaultRetry, contended, func() error {
		configMap, err := s.get(ctx)
		if err != nil {
			return err
		}
		draft := s.draft(configMap)
		if configMap == nil || configMap.Data == nil {
			draft.Data[doneKey] = overlay.None
		}
		if draft.Data[answersKey(phase)] == string(text) {
			return nil
		}
		draft.Data[answersKey(phase)] = string(text)
		return s.put(ctx, configMap, draft)
	})
}

// Noted gives the answers that wait for a phase; none where nobody asked, or where a person
// has damaged them: they prove nothing then.
func (s Store) Noted(ctx context.Context, phase string) ([]Answer, error) {
	configMap, err := s.get(ctx)
	if err != nil || configMap == nil {
		return nil, err
	}
	var answers []Answer
	if text := []byte(configMap.Data[answersKey(phase)]); json.Valid(text) {
		err = json.Unmarshal(text, &answers)
	}
	if err != nil {
		answers = nil // what is damaged proves nothing, and stands in nobody's way
	}
	return answers, nil
}
