package plan

import (
	"fmt"
	"slices"
	"strconv"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/strimzi/v1beta2"
)

// User is one KafkaUser of the target.
type User struct {
	Name string
	Spec v1beta2.KafkaUserSpec
	// Source is the user as the inventory found it.
	Source inventory.User
}

func (u User) usesTLS() bool {
	return u.Spec.Authentication != nil && u.Spec.Authentication.Type == "tls"
}

func (p *Plan) decideUsers() finding.List {
	var findings finding.List
	filter := newFilter(p.Migration.Users.Include, p.Migration.Users.Exclude)
	for _, source := range p.Inventory.Users {
		if because := p.userStays(source.Name, filter); because != "" {
			p.LeftUsers = append(p.LeftUsers, Left{source.Name, because})
			continue
		}
		user := User{Name: source.Name, Spec: source.Spec, Source: source}
		for i, override := range p.Migration.Users.Overrides {
			if !newMatcher(override.Name, override.Pattern)(user.Name) {
				continue
			}
			patched, departures, err := patchUser(user.Spec, override.Spec)
			if err != nil {
				return finding.FromOr(err, finding.Finding{Rule: "user-override", Severity: finding.Error, Object: "KafkaUser " + user.Name})
			}
			for _, departure := range departures {
				findings.Add(p.Migration.Finding("user-override", fmt.Sprintf("users.overrides for %s gives no KafkaUser spec: %s", user.Name, departure.Message),
					departure.Hint, append([]string{"users", "overrides", strconv.Itoa(i), "spec"}, departure.Path...)...))
			}
			user.Spec = patched
		}
		findings.Add(p.checkUser(user)...)
		p.Users = append(p.Users, user)
	}
	for i, override := range p.Migration.Users.Overrides {
		matches := newMatcher(override.Name, override.Pattern)
		if !slices.ContainsFunc(p.Users, func(u User) bool { return matches(u.Name) }) {
			findings.Add(p.Migration.Warning("override-without-user", fmt.Sprintf("users.overrides names %s%s, which no user that moves matches", override.Name, override.Pattern),
				"correct or drop the override", "users", "overrides", strconv.Itoa(i)))
		}
	}
	return findings
}

func (p *Plan) userStays(name string, filter filter) string {
	if name == p.mirrorUser() {
		return "the mirror's own user, which phases 010 and 060 make"
	}
	if live := p.LiveGates(); live != nil && name == live.User() {
		return "the gate Jobs' own user, which phases 010 and 060 make"
	}
	return filter.refuses(name)
}

func (p *Plan) checkUser(user User) finding.List {
	var findings finding.List
	object := "KafkaUser " + user.Name
	if quotas := user.Spec.Quotas; quotas != nil && quotas.ControllerMutationRate != nil && !p.Version.ExcludePatterns {
		findings.Add(finding.Finding{Rule: "user-quota", Severity: finding.Error, Object: object,
			Message: fmt.Sprintf("quota controllerMutationRate needs Strimzi 0.24, %s has %s", p.Version, p.Version.Strimzi),
			Hint:    "choose AMQ Streams 1.8, or remove it under users.overrides"})
	}
	if user.usesTLS() && len(user.Name) > 64 {
		findings.Add(finding.Finding{Rule: "user-name", Severity: finding.Error, Object: object,
			Message: "a TLS user's name is its certificate's common name, at most 64 characters", Hint: "rename the user"})
	}
	return findings
}

// patchUser merges a patch over a spec (RFC 7386), and gives what of the result is no part of
// the API.
func patchUser(spec v1beta2.KafkaUserSpec, patch map[string]any) (v1beta2.KafkaUserSpec, []document.Departure, error) {
	node, err := document.FromAPI(spec)
	if err != nil {
		return spec, nil, err
	}
	var value map[string]any
	if err := node.Decode(&value); err != nil {
		return spec, nil, err
	}
	merged, err := document.FromValue(mergePatch(value, patch))
	if err != nil {
		return spec, nil, err
	}
	patched, departures := document.NewShape[v1beta2.KafkaUserSpec]().Decode(document.Document{Root: merged})
	return patched, departures, nil
}

// mergePatch applies an RFC 7386 merge patch: mappings merge, nil removes, anything else
// replaces. Neither argument is changed.
func mergePatch(value any, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged := make(map[string]any)
	if object, ok := value.(map[string]any); ok {
		for key, child := range object {
			merged[key] = child
		}
	}
	for key, change := range changes {
		if change == nil {
			delete(merged, key)
			continue
		}
		merged[key] = mergePatch(merged[key], change)
	}
	return merged
}
