package secret

import (
	"context"
	"fmt"
	"maps"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Copy brings what is missing on the target from the source, and what differs where force
// is set; it labels and annotates what it brings and what is equal. The target's API server
// tries every change before the first one is made. What is left to do stands in the rows;
// run again, it changes nothing.
func Copy(ctx context.Context, clusters Clusters, wants []Want, force bool) ([]Row, error) {
	pairs, err := clusters.read(ctx, wants)
	if err != nil {
		return nil, err
	}
	var changes []change
	for i := range pairs {
		if secret, needed := pairs[i].desired(force); needed {
			changes = append(changes, change{secret, pairs[i].target == nil, i})
		}
	}
	for _, try := range []bool{true, false} {
		for _, c := range changes {
			written, err := clusters.write(ctx, c, try)
			if err != nil {
				return nil, err
			}
			if !try {
				pairs[c.pair].target = written
			}
		}
	}
	all, err := rows(pairs)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		for i := range all {
			if all[i].Namespace == c.secret.Namespace && all[i].Name == c.secret.Name {
				all[i].Written = all[i].SourceDigest != ""
			}
		}
	}
	return all, nil
}

// change is a Secret to be written.
type change struct {
	secret *core.Secret
	create bool
	pair   int
}

// desired gives the target's Secret as it is to be. needed is false where nothing changes:
// it is so already, the source has nothing to bring, or force would be needed.
func (p pair) desired(force bool) (secret *core.Secret, needed bool) {
	secret = &core.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: p.Name}, Type: core.SecretTypeOpaque}
	if p.target != nil {
		secret = p.target.DeepCopy()
	}
	if secret.Data == nil {
		secret.Data = make(map[string][]byte)
	}
	brought := false
	for _, key := range p.Keys {
		value, has := p.value(key)
		have := secret.Data[key.Name]
		switch {
		case !has:
			continue
		case len(have) > 0 && string(have) != string(value) && !force:
			return nil, false // labels, too, would change whose it is
		case string(have) != string(value):
			secret.Data[key.Name] = value
			needed = true
		}
		brought = true
	}
	if !brought {
		return nil, false
	}
	if !contains(secret.Labels, p.Labels) || !contains(secret.Annotations, p.Annotations) {
		secret.Labels, secret.Annotations = merged(secret.Labels, p.Labels), merged(secret.Annotations, p.Annotations)
		needed = true
	}
	return secret, needed
}

func merged(have, more map[string]string) map[string]string {
	all := maps.Clone(have)
	if all == nil {
		all = make(map[string]string)
	}
	maps.Copy(all, more)
	return all
}

// write makes one change, or has the API server try it. A Secret that has changed since it
// was read is not written: its resourceVersion does not fit.
func (c Clusters) write(ctx context.Context, change change, try bool) (*core.Secret, error) {
	var dry []string
	if try {
		dry = []string{metav1.DryRunAll}
	}
	secrets, object := c.Target.Secrets(change.secret.Namespace), fmt.Sprintf("Secret %s/%s on the target", change.secret.Namespace, change.secret.Name)
	if change.create {
		written, err := secrets.Create(ctx, change.secret, metav1.CreateOptions{DryRun: dry})
		if err != nil {
			return nil, refused(err, object, "create")
		}
		return written, nil
	}
	written, err := secrets.Update(ctx, change.secret, metav1.UpdateOptions{DryRun: dry})
	if err != nil {
		return nil, refused(err, object, "update")
	}
	return written, nil
}
