package inventory

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// User is one KafkaUser.
type User struct {
	Name string                `yaml:"name"`
	Spec v1beta2.KafkaUserSpec `yaml:"spec"`
	// Secret is the name of the Secret with its credentials.
	Secret string `yaml:"secret,omitempty"`
}

// userFile is a User as inventory.yaml has it: the spec as the API writes it.
type userFile struct {
	Name   string    `yaml:"name"`
	Spec   yaml.Node `yaml:"spec"`
	Secret string    `yaml:"secret,omitempty"`
}

// MarshalYAML implements [yaml.Marshaler].
func (u User) MarshalYAML() (any, error) {
	spec, err := document.FromAPI(u.Spec)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Name, err)
	}
	return userFile{u.Name, *spec, u.Secret}, nil
}

// UnmarshalYAML implements [yaml.Unmarshaler]. What departs from the API is an error that
// carries findings without a file.
func (u *User) UnmarshalYAML(node *yaml.Node) error {
	var file userFile
	if err := node.Decode(&file); err != nil {
		return err
	}
	u.Name, u.Secret = file.Name, file.Secret
	if file.Spec.IsZero() {
		return nil
	}
	var departures []document.Departure
	u.Spec, departures = shapes.user.Decode(document.Document{Root: &file.Spec})
	var findings finding.List
	for _, departure := range departures {
		findings.Add(departure.Finding)
	}
	return findings.Err()
}

// users gives the cluster's KafkaUsers, sorted by name.
func (a *assembly) users() []User {
	prefix := textAt(a.root.Root, "spec", "entityOperator", "userOperator", "secretPrefix")
	var all []User
	for _, d := range a.sorted("KafkaUser") {
		if d.Label("strimzi.io/cluster") != a.cluster || !together(d.Namespace(), a.usersIn) {
			a.passed["KafkaUser"]++
			continue
		}
		user := User{Name: d.Name(), Spec: a.userSpec(d)}
		// A user without authentication, or with a certificate from elsewhere, has no Secret.
		if auth := user.Spec.Authentication; auth != nil && (auth.Type == "tls" || auth.Type == "scram-sha-512") {
			user.Secret = prefix + d.Name()
		}
		all = append(all, user)
	}
	return all
}

// userSpec decodes a KafkaUser's spec. Fields that the API does not have are reported, since
// they would be lost on the way.
func (a *assembly) userSpec(d document.Document) v1beta2.KafkaUserSpec {
	if node := document.Child(d.Root, "spec"); node == nil || node.Kind != yaml.MappingNode {
		a.warn(d, "user-without-spec", "the KafkaUser has no spec: no authentication, no ACLs", "export it again, or leave it out of the migration", "spec")
		return v1beta2.KafkaUserSpec{}
	}
	spec, departures := shapes.user.Decode(d, "spec")
	for _, departure := range departures {
		a.findings.Add(departed(d, departure, "user-malformed"))
	}
	return spec
}

// groups gives the described consumer groups, sorted by name. A group that several texts
// describe has the topics of all and the state of the last that tells one.
func (a *assembly) groups() []Group {
	byName := make(map[string]Group)
	for _, seen := range a.describedGroups {
		if seen.item.State == "Dead" && len(seen.item.Topics) == 0 {
			continue // it was asked for by name, and does not exist
		}
		group := byName[seen.item.Name]
		group.Name = seen.item.Name
		group.Topics = unique(append(group.Topics, seen.item.Topics...))
		if seen.item.State != "" {
			group.State = seen.item.State
		}
		byName[group.Name] = group
	}
	return valuesByKey(byName)
}
