package ledger

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
		if configMap == nil {
			return s.begin(ctx, answersKey(phase), string(text))
		}
		configMap = configMap.DeepCopy()
		if configMap.Data == nil {
			configMap.Data = map[string]string{doneKey: overlay.None}
		}
		if configMap.Data[answersKey(phase)] == string(text) {
			return nil
		}
		configMap.Data[answersKey(phase)] = string(text)
		if _, err = s.ConfigMaps.Update(ctx, configMap, metav1.UpdateOptions{}); err != nil {
			return fmt.Errorf("write %s: %w", s, err)
		}
		return nil
	})
}

// begin makes the ConfigMap of a cluster that has completed nothing.
func (s Store) begin(ctx context.Context, key, text string) error {
	configMap := &corev1.ConfigMap{ObjectMeta: s.metadata(), Data: map[string]string{doneKey: overlay.None, key: text}}
	if _, err := s.ConfigMaps.Create(ctx, configMap, metav1.CreateOptions{}); err != nil {
		return fmt.Errorf("write %s: %w", s, err)
	}
	return nil
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
