package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/strimzi/v1beta2"
)

// resourceName is what metadata.name of a KafkaUser may be (RFC 1123 subdomain).
var resourceName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// principals adds the users that only the brokers know, and says where KafkaUsers and
// brokers contradict each other. There the KafkaUser counts: the User Operator sets the
// brokers by it again and again.
func (a *assembly) principals(declared []User) []User {
	if a.brokers == nil {
		return declared
	}
	index := make(map[string]int, len(declared))
	for i, user := range declared {
		index[user.Name] = i
	}
	seen := make(map[string]bool)
	for _, user := range a.brokers.Users {
		seen[user.Name] = true
		if i, ok := index[user.Name]; ok {
			a.compareUser(declared[i], user)
		} else if a.carried(user) {
			declared = append(declared, User{Name: user.Name, Spec: user.Spec})
		}
	}
	for i := range index {
		if !seen[i] {
			a.compareUser(declared[index[i]], BrokerUser{Name: i})
		}
	}
	slices.SortStableFunc(declared, func(x, y User) int { return cmp.Compare(x.Name, y.Name) })
	return declared
}

// carried tells whether a user without a KafkaUser travels as one, and says so either way.
func (a *assembly) carried(user BrokerUser) bool {
	f := finding.Finding{Rule: "user-undeclared", Severity: finding.Warning, Object: "user " + user.Name,
		Message: "the brokers know it and no KafkaUser declares it; it travels as a KafkaUser with the ACLs and quotas that the brokers list, and " + authenticated(user.Spec),
		Hint:    "declare it on the source, exclude it under users, or bring its Secret to the target before phase 060"}
	travels := user.Spec.Authentication != nil && resourceName.MatchString(user.Name)
	if !travels {
		f.Message = "the brokers list ACLs or quotas of it, and its name can be no KafkaUser's; it does not travel"
		f.Hint = "give its clients a KafkaUser, or take its ACLs and quotas away on the source"
	}
	a.findings.Add(f)
	return travels
}

func authenticated(spec v1beta2.KafkaUserSpec) string {
	if spec.Authentication == nil {
		return "without authentication"
	}
	return "is taken for a user of type " + spec.Authentication.Type
}

// compareUser says how a KafkaUser and the brokers differ, as far as the brokers show it.
func (a *assembly) compareUser(declared User, seen BrokerUser) {
	var differing []string
	if a.brokers.ACLsSeen {
		missing, extra := differ(rules(declared.Spec), rules(seen.Spec))
		if len(missing) > 0 {
			differing = append(differing, "the brokers lack "+strings.Join(missing, ", "))
		}
		if len(extra) > 0 {
			differing = append(differing, "the brokers also have "+strings.Join(extra, ", "))
		}
	}
	if a.brokers.QuotasSeen && !reflect.DeepEqual(quotas(declared.Spec), quotas(seen.Spec)) {
		differing = append(differing, "the brokers have other quotas")
	}
	scram := declared.Spec.Authentication != nil && declared.Spec.Authentication.Type == "scram-sha-512"
	if a.brokers.PasswordsSeen && scram && !seen.Password {
		differing = append(differing, "the brokers have no password of it")
	}
	if len(differing) == 0 {
		return
	}
	a.findings.Add(finding.Finding{
		Rule: "user-contradiction", Severity: finding.Warning, Object: "KafkaUser " + declared.Name,
		Message: strings.Join(differing, "; ") + "; the KafkaUser's word is kept",
		Hint:    "see on the source why the User Operator does not bring the two together",
	})
}

// rules gives a user's ACLs, each as one text with what is left out written out.
func rules(spec v1beta2.KafkaUserSpec) map[string]bool {
	all := make(map[string]bool)
	if spec.Authorization == nil {
		return all
	}
	for _, acl := range spec.Authorization.ACLs {
		name := acl.Resource.Name
		if acl.Resource.Type == "cluster" {
			name = ""
		}
		what := strings.TrimSpace(fmt.Sprintf("%s %s", acl.Resource.Type, name))
		text := fmt.Sprintf("%s %s on %s", cmp.Or(acl.Type, "allow"), acl.Operation, what)
		if acl.Resource.PatternType == "prefix" {
			text += "*"
		}
		if host := cmp.Or(acl.Host, "*"); host != "*" {
			text += " from " + host
		}
		all[text] = true
	}
	return all
}

// quotas gives the quotas that brokers can tell of, nothing where none is set.
func quotas(spec v1beta2.KafkaUserSpec) v1beta2.KafkaUserQuotas {
	if spec.Quotas == nil {
		return v1beta2.KafkaUserQuotas{}
	}
	return *spec.Quotas
}

// differ gives what only the first and what only the second of two sets has, sorted.
func differ(first, second map[string]bool) (missing, extra []string) {
	for _, one := range slices.Sorted(maps.Keys(first)) {
		if !second[one] {
			missing = append(missing, one)
		}
	}
	for _, one := range slices.Sorted(maps.Keys(second)) {
		if !first[one] {
			extra = append(extra, one)
		}
	}
	return missing, extra
}
