package migration

import (
	"fmt"
	"strings"
)

// Platform is what a cluster runs on.
type Platform struct {
	OpenShift bool
	// Major and Minor are the platform's own version.
	Major, Minor int
}

// ParsePlatform reads openshift-4.8 or kubernetes-1.21.
func ParsePlatform(text string) (Platform, error) {
	name, version, _ := strings.Cut(text, "-")
	platform := Platform{OpenShift: name == "openshift"}
	count, err := fmt.Sscanf(version, "%d.%d", &platform.Major, &platform.Minor)
	if err != nil || count != 2 || (name != "openshift" && name != "kubernetes") {
		return Platform{}, fmt.Errorf("%q is no platform; write openshift-4.8 or kubernetes-1.21", text)
	}
	return platform, nil
}

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
