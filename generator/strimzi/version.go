package strimzi

import (
	"fmt"
	"strings"
)

// Distribution is who packages Strimzi.
type Distribution string

// The distributions a target may run.
const (
	AMQStreams Distribution = "amq-streams"
	Strimzi    Distribution = "strimzi"
)

// Version is one release line that a target may run, with what it decides.
type Version struct {
	Distribution Distribution
	// Name is the version in the distribution's own count: "1.8", "0.24".
	Name string
	// Strimzi is the upstream release behind it, whose CRDs it serves.
	Strimzi string
	// Kafka is the version that a new cluster runs.
	Kafka string
	// Protocol is the inter-broker protocol and message format version of Kafka.
	Protocol string
	// OldCRDs tells that its CRDs are apiextensions.k8s.io/v1beta1, which Kubernetes 1.22
	// (OpenShift 4.9) no longer accepts.
	OldCRDs bool
	// ExcludePatterns tells that KafkaMirrorMaker2 has topicsExcludePattern and
	// groupsExcludePattern; before 0.23 they are called …BlacklistPattern.
	ExcludePatterns bool
}

// Versions are the targets that cutover knows, oldest first. Sources: the release notes of
// AMQ Streams 1.7 and 1.8, and kafka-versions.yaml of Strimzi 0.22.1 and 0.24.0.
func Versions() []Version {
	return []Version{
		{AMQStreams, "1.7", "0.22.1", "2.7.0", "2.7", true, false},
		{AMQStreams, "1.8", "0.24.0", "2.8.0", "2.8", false, true},
		{Strimzi, "0.22", "0.22.1", "2.7.0", "2.7", true, false},
		{Strimzi, "0.24", "0.24.0", "2.8.0", "2.8", false, true},
	}
}

// LookupVersion finds a version by distribution and name. The error names the versions
// that the distribution has.
func LookupVersion(distribution Distribution, name string) (Version, error) {
	var known []string
	for _, version := range Versions() {
		if version.Distribution != distribution {
			continue
		}
		if version.Name == name {
			return version, nil
		}
		known = append(known, version.Name)
	}
	return Version{}, fmt.Errorf("%s has no version %q that cutover knows; known are %s", distribution, name, strings.Join(known, " and "))
}

// String gives "amq-streams 1.8".
func (v Version) String() string { return string(v.Distribution) + " " + v.Name }
