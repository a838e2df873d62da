package ledger

import (
	"context"
	"fmt"
	"regexp"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"

	"cutover/generator/finding"
	"cutover/generator/overlay"
)

// ConfigMaps is what a ledger needs of the API of one namespace.
type ConfigMaps interface {
	Get(ctx context.Context, name string, options metav1.GetOptions) (*corev1.ConfigMap, error)
	Create(ctx context.Context, configMap *corev1.ConfigMap, options metav1.CreateOptions) (*corev1.ConfigMap, error)
	Update(ctx context.Context, configMap *corev1.ConfigMap, options metav1.UpdateOptions) (*corev1.ConfigMap, error)
}

// Store is the ConfigMap of one cluster's ledger.
type Store struct {
	ConfigMaps ConfigMaps
	Ref        overlay.LedgerRef
	// Migration is the migration's name, which the ConfigMap carries as a label.
	Migration string
}

const doneKey = "done"

var phaseKey = regexp.MustCompile(`^[0-9]{3}$`)

// Read gives the ledger, and that of a cluster that has completed nothing where there is no
// ConfigMap yet.
func (s Store) Read(ctx context.Context) (Ledger, error) {
	configMap, err := s.get(ctx)
	if err != nil {
		return Ledger{}, err
	}
	return s.parse(configMap)
}

// Change writes what change makes of the ledger, if that is anything else than it was. Where
// somebody else has written in between, change is asked again with what they wrote.
func (s Store) Change(ctx context.Context, change func(Ledger) (Ledger, error)) (Ledger, error) {
	var after Ledger
	err := retry.OnError(retry.DefaultRetry, contended, func() error {
		configMap, err := s.get(ctx)
		if err != nil {
			return err
		}
		before, err := s.parse(configMap)
		if err != nil {
			return err
		}
		if after, err = change(before); err != nil {
			return err
		}
		if configMap != nil && after.Equal(before) {
			return nil
		}
		return s.write(ctx, configMap, after)
	})
	return after, err
}

// contended tells that another writer came first.
func contended(err error) bool { return apierrors.IsConflict(err) || apierrors.IsAlreadyExists(err) }

// get gives nil where there is no ConfigMap.
func (s Store) get(ctx context.Context) (*corev1.ConfigMap, error) {
	configMap, err := s.ConfigMaps.Get(ctx, s.Ref.Name, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", s, err)
	}
	return configMap, nil
}

func (s Store) parse(configMap *corev1.ConfigMap) (Ledger, error) {
	ledger := New()
	if configMap == nil {
		return ledger, nil
	}
	ledger.Done = configMap.Data[doneKey]
	if ledger.Done != overlay.None && !phaseKey.MatchString(ledger.Done) {
		return ledger, finding.Finding{Rule: "ledger", Severity: finding.Error, Object: s.String(),
			Message: fmt.Sprintf("its done is %q, which is neither a phase nor none", ledger.Done),
			Hint:    "look what the cluster has, and write the phase it is in with `cutover gate --phase NNN --gate FILE --done --adopt REASON`, after `kubectl delete` of the damaged ConfigMap"}
	}
	for key, text := range configMap.Data {
		if phaseKey.MatchString(key) {
			ledger.entries[key] = text
		}
	}
	return ledger, nil
}

// write writes the ledger over what was read.
func (s Store) write(ctx context.Context, read *corev1.ConfigMap, ledger Ledger) error {
	draft := s.draft(read)
	draft.Data[doneKey] = ledger.Done
	for phase, text := range ledger.entries {
		draft.Data[phase] = text
	}
	return s.put(ctx, read, draft)
}

// draft is a copy of the ConfigMap that was read, to be changed; an empty one where there was
// none. What else a person put there stays.
func (s Store) draft(read *corev1.ConfigMap) *corev1.ConfigMap {
	draft := &corev1.ConfigMap{ObjectMeta: s.metadata()}
	if read != nil {
		draft = read.DeepCopy()
	}
	if draft.Data == nil {
		draft.Data = make(map[string]string)
	}
	return draft
}

// put creates the ConfigMap, or updates the version that was read.
func (s Store) put(ctx context.Context, read, draft *corev1.ConfigMap) error {
	var err error
	if read == nil {
		_, err = s.ConfigMaps.Create(ctx, draft, metav1.CreateOptions{})
	} else {
		_, err = s.ConfigMaps.Update(ctx, draft, metav1.UpdateOptions{})
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", s, err)
	}
	return nil
}

func (s Store) metadata() metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name: s.Ref.Name, Namespace: s.Ref.Namespace,
		Labels: map[string]string{"app.kubernetes.io/name": "cutover", "app.kubernetes.io/part-of": "cutover", "app.kubernetes.io/instance": s.Migration},
	}
}

// String names the ConfigMap as "ConfigMap kafka/cutover-freight-ledger".
func (s Store) String() string { return "ConfigMap " + s.Ref.Namespace + "/" + s.Ref.Name }
