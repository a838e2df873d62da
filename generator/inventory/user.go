package inventory

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

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

// userSpec decodes a KafkaUser's spec. Fields that UserSpec does not have are reported,
// since they would be lost on the way.
func (a *assembly) userSpec(d document.Document) strimzi.UserSpec {
	var spec strimzi.UserSpec
	node := document.Child(d.Root, "spec")
	if node == nil || node.Kind != yaml.MappingNode {
		a.warn(d, "user-without-spec", "the KafkaUser has no spec: no authentication, no ACLs", "export it again, or leave it out of the migration", "spec")
		return spec
	}
	err := document.Document{File: d.File, Root: node}.Decode(&spec)
	for _, f := range finding.From(err) {
		f.Object = d.Describe()
		if f.Rule == "unknown-field" {
			f.Severity = finding.Warning
			f.Message += " in spec; it does not travel"
			a.findings.Add(f)
		}
	}
	// Unknown fields stop the strict decoder before it reads values.
	spec = strimzi.UserSpec{}
	var wrong *yaml.TypeError
	if err := node.Decode(&spec); errors.As(err, &wrong) {
		a.findings.Add(d.Finding("user-malformed", fmt.Sprintf("spec holds %d values of a wrong type", len(wrong.Errors)),
			"compare it with the KafkaUser reference; quotas are whole numbers", "spec"))
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
