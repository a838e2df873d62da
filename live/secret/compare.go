package secret

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"

	"cutover/generator/finding"
	"cutover/generator/inventory"
)

// State is how a key of a Secret stands on the target.
type State string

// The states, in the words of the report.
const (
	Equal      State = "equal"      // the target has the source's value
	Present    State = "present"    // the target has a value; the source has none to compare
	Operator   State = "operator"   // the User Operator makes it in its phase
	Unlabelled State = "unlabelled" // equal, without the labels or annotations it needs
	Missing    State = "missing"    // the source has a value, the target none
	Different  State = "different"  // both have a value, not the same
	Unproven   State = "unproven"   // the target has a value, the source lost the one to compare
	Nowhere    State = "nowhere"    // the target has none, and neither has the source
)

// Settled tells whether nothing is left to do.
func (s State) Settled() bool { return s == Equal || s == Present || s == Operator }

// Row is one key of one Secret: its names and digests, never its value. The digests are
// those of [inventory.Digest] under the source's names.
type Row struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Key is "" for a Secret of which nobody knows the keys.
	Key string `json:"key,omitempty"`
	// From is the Secret on the source, NAMESPACE/NAME, or "".
	From         string `json:"from,omitempty"`
	Phase        string `json:"phase"`
	State        State  `json:"state"`
	SourceDigest string `json:"sourceDigest,omitempty"`
	TargetDigest string `json:"targetDigest,omitempty"`
	// Written tells that copying has changed it.
	Written bool `json:"written,omitempty"`
	// How says what to do where the state is not settled.
	How string `json:"how,omitempty"`
}

// Clusters are the two API servers. Only the target is ever written to.
type Clusters struct{ Source, Target corev1.SecretsGetter }

// pair is a wanted Secret and what both clusters have of it; nil where they have none.
type pair struct {
	Want
	source, target *core.Secret
}

// Compare says how every wanted Secret stands on the target. It changes nothing.
func Compare(ctx context.Context, clusters Clusters, wants []Want) ([]Row, error) {
	pairs, err := clusters.read(ctx, wants)
	if err != nil {
		return nil, err
	}
	return rows(pairs)
}

// read asks for the wanted Secrets by their names: no list, so that the right to get them
// is enough.
func (c Clusters) read(ctx context.Context, wants []Want) ([]pair, error) {
	pairs := make([]pair, len(wants))
	for i, want := range wants {
		var err error
		pairs[i].Want = want
		if want.From.Name != "" {
			if pairs[i].source, err = get(ctx, c.Source, want.From.Namespace, want.From.Name, "source"); err != nil {
				return nil, err
			}
		}
		if pairs[i].target, err = get(ctx, c.Target, want.Namespace, want.Name, "target"); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

func get(ctx context.Context, cluster corev1.SecretsGetter, namespace, name, side string) (*core.Secret, error) {
	secret, err := cluster.Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, refused(err, fmt.Sprintf("Secret %s/%s on the %s", namespace, name, side), "get")
	}
	return secret, nil
}

// refused says that an API server does not do what was asked, by its reason alone: its
// message may repeat what was sent.
func refused(err error, object, verb string) error {
	reason := string(apierrors.ReasonForError(err))
	if status := apierrors.APIStatus(nil); errors.As(err, &status) && reason == "" {
		reason = fmt.Sprintf("status %d", status.Status().Code)
	}
	hint := fmt.Sprintf("ask for the right to %s Secrets in that namespace", verb)
	switch {
	case reason == "":
		reason, hint = "the API server does not answer: "+err.Error(), "check the connection to the cluster"
	case apierrors.IsNotFound(err):
		hint = "the namespace has to be there first"
	case apierrors.IsConflict(err) || apierrors.IsAlreadyExists(err):
		hint = "somebody else has changed it in between: run it again"
	case !apierrors.IsForbidden(err):
		hint = "see the audit log of the API server for what it minds"
	}
	return finding.Finding{Rule: "secret-refused", Severity: finding.Error, Object: object, Message: verb + " fails: " + reason, Hint: hint}
}

func rows(pairs []pair) ([]Row, error) {
	all := []Row{}
	for _, p := range pairs {
		keys := p.Keys
		if len(keys) == 0 {
			keys = []Key{{}}
		}
		for _, key := range keys {
			row, err := p.row(key)
			if err != nil {
				return nil, err
			}
			all = append(all, row)
		}
	}
	return all, nil
}

// row compares one key.
func (p pair) row(key Key) (Row, error) {
	row := Row{Namespace: p.Namespace, Name: p.Name, Key: key.Name, Phase: p.Phase}
	namespace, name := p.Namespace, p.Name
	if p.From.Name != "" {
		namespace, name = p.From.Namespace, p.From.Name
		row.From = namespace + "/" + name
	}
	var err error
	source, has := p.value(key)
	if has {
		if row.SourceDigest, err = inventory.Digest(namespace, name, key.From, source); err != nil {
			return Row{}, err
		}
	}
	var target []byte
	there := p.target != nil
	if there && key.Name != "" {
		target = p.target.Data[key.Name]
		there = len(target) > 0 // the User Operator takes an empty password for none
	}
	if there && key.Name != "" {
		if row.TargetDigest, err = inventory.Digest(namespace, name, key.From, target); err != nil {
			return Row{}, err
		}
	}
	row.State = p.state(has, there, subtle.ConstantTimeCompare(source, target) == 1)
	if !row.State.Settled() {
		row.How = p.advice(row.State)
	}
	return row, nil
}

// value gives what the source has under a key.
func (p pair) value(key Key) ([]byte, bool) {
	if p.source == nil || key.Name == "" {
		return nil, false
	}
	value := p.source.Data[key.From]
	return value, len(value) > 0
}

func (p pair) state(has, there, same bool) State {
	switch {
	case has && there && same && p.labelled():
		return Equal
	case has && there && same:
		return Unlabelled
	case has && there:
		return Different
	case has:
		return Missing
	case there && p.From.Name == "":
		return Present
	case there:
		return Unproven
	case p.Want.Operator:
		return Operator
	}
	return Nowhere
}

// labelled tells whether the target's Secret has the labels and annotations it needs.
func (p pair) labelled() bool {
	return contains(p.target.Labels, p.Labels) && contains(p.target.Annotations, p.Annotations)
}

func contains(all, some map[string]string) bool {
	for key, value := range some {
		if all[key] != value {
			return false
		}
	}
	return true
}

// advice says what to do about a key that is not settled.
func (p pair) advice(state State) string {
	switch {
	case state == Missing || state == Unlabelled:
		return "cutover secrets copy brings it"
	case state == Different:
		return "the target has another value: see which one its clients use; cutover secrets copy --force takes the source's"
	case state == Unproven:
		return "the source has no such key, so nothing proves the target's value: see that its clients can log in"
	case p.From.Name != "":
		return "the source has no such key: " + p.How
	}
	return p.How
}
