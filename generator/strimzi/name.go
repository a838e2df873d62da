// Package strimzi knows Strimzi and AMQ Streams: their versions, API types, naming
// rules and reserved names, and how older resources become v1beta2.
package strimzi

import (
	"crypto/sha1" //nolint:gosec // Strimzi's naming rule is defined on SHA-1
	"math/big"
	"regexp"
	"strings"
)

var resourceName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// IsResourceName tells whether a name can be metadata.name: an RFC 1123 subdomain of at
// most 253 characters.
func IsResourceName(name string) bool { return len(name) <= 253 && resourceName.MatchString(name) }

// longestPrefix leaves room for "---" and 40 hex digits, however many the digest prints.
const longestPrefix = 253 - len("---") - 2*sha1.Size

// ResourceName gives the metadata.name that Strimzi's Topic Operator gives a topic
// (TopicName.asKubeName): the topic's own name where that is a resource name, else a
// cleaned lower-case prefix, three hyphens, and the SHA-1 of the Kafka name as
// BigInteger.toString(16) prints it, that is without leading zeros.
func ResourceName(topic string) string {
	if IsResourceName(topic) {
		return topic
	}
	sum := sha1.Sum([]byte(topic)) //nolint:gosec // as above
	suffix := new(big.Int).SetBytes(sum[:]).Text(16)
	prefix := cleanPrefix(topic)
	if len(prefix) > longestPrefix {
		// Where the cut leaves a dot at the end Strimzi gives up; the topic still needs a name.
		prefix = strings.TrimRight(prefix[:longestPrefix], ".")
	}
	if prefix == "" {
		return suffix
	}
	return prefix + "---" + suffix
}

// cleanPrefix lower-cases a topic name, turns what no resource name holds into hyphens,
// and drops separators that lead, trail or repeat.
func cleanPrefix(topic string) string {
	var out strings.Builder
	separated := true
	for _, r := range strings.ToLower(topic) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out.WriteRune(r)
			separated = false
		case r == '.' || r == '-' || r == '_':
			if separated {
				continue
			}
			if r == '_' {
				r = '-'
			}
			out.WriteRune(r)
			separated = true
		}
	}
	return strings.TrimRight(out.String(), "-.")
}
