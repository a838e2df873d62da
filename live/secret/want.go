// Package secret brings the Secrets of a migration from the source to the target through
// the two API servers: a value is read from the one and written to the other, and goes into
// no file, no output and no error in between.
package secret

import (
	"cmp"
	"slices"
	"strings"

	"cutover/generator/plan"
)

// Choice says which of a plan's Secrets are meant.
type Choice struct {
	// Authorities has the certificate authorities of the source brought too, private keys
	// among them, where the target is to have the same.
	Authorities bool
	// Phase bounds them to what must be there before it, such as "060"; "" for all of the
	// way forth.
	Phase string
}

// Want is one Secret that has to be on the target.
type Want struct {
	Namespace, Name string
	// Phase is the one before which it must be there, and How what the plan says of it.
	Phase, How string
	// From is the Secret on the source; its Name is "" for what does not come from there.
	From Ref
	// Keys are those that it must have.
	Keys []Key
	// Labels and Annotations are those by which Strimzi's operators know it.
	Labels, Annotations map[string]string
	// Authority tells that it is of a certificate authority, and Operator that the User
	// Operator makes it when its time has come.
	Authority, Operator bool
}

// Ref names a Secret.
type Ref struct{ Namespace, Name string }

// Key is a key of a Secret, and the key on the source under which its value stands.
type Key struct{ Name, From string }

// Wants gives the Secrets of a plan in the order of their phases, namespaces and names. Two
// needs of one Secret are one.
func Wants(p *plan.Plan, choice Choice) []Want {
	returning := make(map[string]bool)
	for _, mirror := range p.ReturnMirrors {
		returning[mirror.Secret()] = true
	}
	var all []Want
	for _, need := range p.Secrets {
		if choice.Phase != "" && need.Phase > choice.Phase || choice.Phase == "" && returning[need.Name] {
			continue
		}
		want := wanted(p, need)
		i := slices.IndexFunc(all, func(w Want) bool { return w.Namespace == want.Namespace && w.Name == want.Name && w.From == want.From })
		switch {
		case want.Authority && !choice.Authorities:
			want.How = "it is of a certificate authority, which is brought only when asked for: --authorities"
			want.From = Ref{}
			all = append(all, want)
		case i >= 0:
			all[i].Keys = append(all[i].Keys, want.Keys...)
			all[i].Phase = min(all[i].Phase, want.Phase)
		default:
			all = append(all, want)
		}
	}
	slices.SortStableFunc(all, func(x, y Want) int {
		return cmp.Or(cmp.Compare(x.Phase, y.Phase), cmp.Compare(x.Namespace, y.Namespace), cmp.Compare(x.Name, y.Name))
	})
	return all
}

func wanted(p *plan.Plan, need plan.SecretNeed) Want {
	want := Want{Namespace: need.Namespace, Name: need.Name, Phase: need.Phase, How: need.How}
	want.From.Namespace, want.From.Name, _ = strings.Cut(need.From, "/")
	for _, name := range need.Keys {
		want.Keys = append(want.Keys, Key{Name: name, From: sourceKey(want.From.Name, name)})
	}
	want.mark(p)
	return want
}

// sourceKey gives the key on the source: in the Secret with a cluster's certificate it is
// ca.crt, whatever the mirror's spec calls it.
func sourceKey(from, name string) string {
	if strings.HasSuffix(from, "-cluster-ca-cert") {
		return "ca.crt"
	}
	return name
}

// mark gives a Secret the labels and annotations that Strimzi's operators look for. A
// certificate authority that is brought begins at generation 0 (Strimzi, Installing your own
// CA certificates); what the User Operator would label is labelled as it does (KafkaUserModel).
func (w *Want) mark(p *plan.Plan) {
	kafka := p.Kafka
	for _, authority := range []string{"cluster-ca", "clients-ca"} {
		for suffix, annotation := range map[string]string{"-cert": "strimzi.io/ca-cert-generation", "": "strimzi.io/ca-key-generation"} {
			if w.Namespace == kafka.Namespace && w.Name == kafka.Name+"-"+authority+suffix {
				w.Authority = true
				w.Labels = map[string]string{"strimzi.io/kind": "Kafka", "strimzi.io/cluster": kafka.Name}
				w.Annotations = map[string]string{annotation: "0"}
				return
			}
		}
	}
	if w.Phase == userPhase {
		w.Labels = map[string]string{"strimzi.io/kind": "KafkaUser", "strimzi.io/cluster": kafka.Name}
		w.Operator = w.From.Name == "" && slices.ContainsFunc(w.Keys, func(key Key) bool { return key.Name == "user.p12" })
	}
}

// userPhase is the phase that brings the KafkaUsers.
const userPhase = "060"
