package migration

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// Platform is what a cluster runs on.
type Platform struct {
	OpenShift bool
	// Major and Minor are the platform's own version.
	Major, Minor int
}

// ParsePlatform reads openshift-4.8 or kubernetes-1.21.
func ParsePlatform(text string) (Platform, error) {
	match := platformSyntax.FindStringSubmatch(text)
	if match == nil {
		return Platform{}, fmt.Errorf("%q is no platform; write openshift-4.8 or kubernetes-1.21", text)
	}
	major, majorErr := strconv.Atoi(match[2])
	minor, minorErr := strconv.Atoi(match[3])
	return Platform{match[1] == "openshift", major, minor}, errors.Join(majorErr, minorErr)
}

var platformSyntax = regexp.MustCompile(`^(openshift|kubernetes)-([0-9]{1,4})\.([0-9]{1,4})$`)

// Kubernetes gives the minor version of Kubernetes 1: OpenShift 4.N is built on 1.(N+13),
// OpenShift 3.N on 1.N.
func (p Platform) Kubernetes() int {
	switch {
	case p.OpenShift && p.Major == 4:
		return p.Minor + 13
	default:
		return p.Minor
	}
}

// ServerSideApply tells whether the API server applies partial objects (beta, and on,
// since Kubernetes 1.16).
func (p Platform) ServerSideApply() bool { return p.Kubernetes() >= 16 }

// CronJobVersion is the API version of CronJobs: batch/v1 since Kubernetes 1.21.
func (p Platform) CronJobVersion() string {
	if p.Kubernetes() >= 21 {
		return "batch/v1"
	}
	return "batch/v1beta1"
}

// OldCRDs tells whether apiextensions.k8s.io/v1beta1 is still served (until Kubernetes 1.21).
func (p Platform) OldCRDs() bool { return p.Kubernetes() <= 21 }

// PodMonitor tells whether the platform's own Prometheus knows PodMonitors. That of
// OpenShift 3.11 does not.
func (p Platform) PodMonitor() bool { return !p.OpenShift || p.Major >= 4 }
