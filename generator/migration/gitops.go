package migration

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"cutover/generator/finding"
)

// GitOps says how Argo CD applies the migration: from which repository, to which clusters,
// and when.
type GitOps struct {
	// RepoURL is the repository that holds the generated tree.
	RepoURL string `yaml:"repoURL" json:"repoURL" jsonschema:"required"`
	// Path is the tree's folder in the repository; "." where empty.
	Path string `yaml:"path,omitempty" json:"path,omitempty"`
	// TargetRevision is the branch that Argo CD follows; main where empty.
	TargetRevision string `yaml:"targetRevision,omitempty" json:"targetRevision,omitempty"`
	// Namespace is Argo CD's own; openshift-gitops on an OpenShift target, else argocd,
	// where empty.
	Namespace string `yaml:"namespace,omitempty" json:"namespace,omitempty"`
	// Project is the AppProject; the migration's name where empty.
	Project string `yaml:"project,omitempty" json:"project,omitempty"`
	// Image is cutover's own: the plugin's sidecar and the gate Jobs run it.
	Image string `yaml:"image" json:"image" jsonschema:"required"`
	// Destinations are the two clusters as Argo CD knows them.
	Destinations Destinations `yaml:"destinations" json:"destinations" jsonschema:"required"`
	// Windows are the times at which syncs may happen; any time without one.
	Windows []Window `yaml:"windows,omitempty" json:"windows,omitempty"`
	// Gates sets up the Jobs that guard each phase.
	Gates Gates `yaml:"gates,omitempty" json:"gates,omitempty"`
}

// Destinations are the two clusters as Argo CD knows them.
type Destinations struct {
	Source Destination `yaml:"source" json:"source" jsonschema:"required"`
	Target Destination `yaml:"target" json:"target" jsonschema:"required"`
}

// Destination is a cluster of Argo CD's, by the name it was added under or by the URL of
// its API server: one of the two.
type Destination struct {
	Name   string `yaml:"name,omitempty" json:"name,omitempty"`
	Server string `yaml:"server,omitempty" json:"server,omitempty"`
}

// Window is a time in which syncs are allowed or denied.
type Window struct {
	// Kind is allow or deny.
	Kind string `yaml:"kind" json:"kind" jsonschema:"required,enum=allow,enum=deny"`
	// Schedule is a cron expression of five fields, at which the window opens.
	Schedule string `yaml:"schedule" json:"schedule" jsonschema:"required"`
	// Duration is how long it stays open, such as 6h.
	Duration string `yaml:"duration" json:"duration" jsonschema:"required"`
	// TimeZone is that of the schedule, such as Europe/Berlin; UTC where empty.
	TimeZone string `yaml:"timeZone,omitempty" json:"timeZone,omitempty"`
	// ManualSync lets a person sync outside of an allow window.
	ManualSync bool `yaml:"manualSync,omitempty" json:"manualSync,omitempty"`
}

// Gates sets up the Jobs that guard each phase.
type Gates struct {
	// Deadline is how long a Job waits for its gates to hold; 30m where empty.
	Deadline string `yaml:"deadline,omitempty" json:"deadline,omitempty"`
	// Peer tells each cluster's Job how to ask the other cluster: Source is the Secret on
	// the source by which the target is reached, Target the one on the target.
	Peer Peer `yaml:"peer,omitempty" json:"peer,omitempty"`
	// Live has the Jobs prove the gates on the running clusters, set offsets and record
	// positions. Without it each Job says which gates nobody proved.
	Live *LiveGates `yaml:"live,omitempty" json:"live,omitempty"`
}

// Peer is a kubeconfig in a Secret of each cluster, that reads the other cluster's ledger
// and, with live gates, what they ask there.
type Peer struct {
	Source *SecretKeyRef `yaml:"source,omitempty" json:"source,omitempty"`
	Target *SecretKeyRef `yaml:"target,omitempty" json:"target,omitempty"`
}

// SecretKeyRef is one key of a Secret in the migration's namespace.
type SecretKeyRef struct {
	SecretName string `yaml:"secretName" json:"secretName" jsonschema:"required"`
	Key        string `yaml:"key" json:"key" jsonschema:"required"`
}

// DefaultDeadline is how long a gate Job waits unless told otherwise.
const DefaultDeadline = 30 * time.Minute

// ArgoNamespace is Argo CD's own namespace.
func (m *Migration) ArgoNamespace() string {
	switch {
	case m.GitOps.Namespace != "":
		return m.GitOps.Namespace
	case strings.HasPrefix(m.Target.Platform, "openshift-"):
		return "openshift-gitops"
	}
	return "argocd"
}

// Wait is how long a gate Job waits.
func (g Gates) Wait() time.Duration {
	wait, err := time.ParseDuration(g.Deadline)
	if err != nil || wait <= 0 {
		return DefaultDeadline
	}
	return wait
}

func (m *Migration) checkGitOps() finding.List {
	if m.GitOps == nil {
		return nil
	}
	var findings finding.List
	g := m.GitOps
	for _, field := range []struct{ name, value string }{{"repoURL", g.RepoURL}, {"image", g.Image}} {
		if field.value == "" {
			findings.Add(m.Finding("field-missing", "gitops."+field.name+" is missing", "give it, or leave gitops out", "gitops", field.name))
		}
	}
	if address, err := url.Parse(g.RepoURL); err == nil && address.User != nil {
		if _, secret := address.User.Password(); secret {
			findings.Add(m.Finding("secret-value", "gitops.repoURL holds a password", "give it without; Argo CD has repository credentials of its own", "gitops", "repoURL"))
		}
	}
	if strings.HasPrefix(g.Path, "/") || strings.Contains("/"+g.Path+"/", "/../") {
		findings.Add(m.Finding("gitops-path", fmt.Sprintf("gitops.path %q leaves the repository", g.Path), "give the tree's folder within the repository", "gitops", "path"))
	}
	if g.Project == "default" {
		findings.Add(m.Finding("gitops-project", "gitops.project is default, Argo CD's own: the generated AppProject would take its place",
			"name another; it is the migration's name where left out", "gitops", "project"))
	}
	findings.Add(m.checkDestinations()...)
	findings.Add(m.checkLiveGates()...)
	findings.Add(m.checkWindows()...)
	if deadline := g.Gates.Deadline; deadline != "" {
		if wait, err := time.ParseDuration(deadline); err != nil || wait <= 0 {
			findings.Add(m.Finding("gitops-deadline", fmt.Sprintf("gitops.gates.deadline %q is no time", deadline), "write it as 30m or 2h", "gitops", "gates", "deadline"))
		}
	}
	return findings
}

func (m *Migration) checkDestinations() finding.List {
	var findings finding.List
	d := m.GitOps.Destinations
	for _, side := range []struct {
		name        string
		destination Destination
	}{{"source", d.Source}, {"target", d.Target}} {
		if (side.destination.Name == "") == (side.destination.Server == "") {
			findings.Add(m.Finding("gitops-destination", fmt.Sprintf("gitops.destinations.%s needs a name or a server, and only one of them", side.name),
				"`argocd cluster list` shows both", "gitops", "destinations", side.name))
		}
	}
	if d.Source == d.Target && d.Source != (Destination{}) && m.Source.Namespace == m.Target.Namespace {
		findings.Add(m.Finding("gitops-destination", "source and target are the same cluster and namespace to Argo CD",
			"name the two clusters as Argo CD knows them", "gitops", "destinations"))
	}
	return findings
}

func (m *Migration) checkWindows() finding.List {
	var findings finding.List
	for i, window := range m.GitOps.Windows {
		path := []string{"gitops", "windows", fmt.Sprint(i)}
		if _, err := cron.ParseStandard(window.Schedule); err != nil {
			findings.Add(m.Finding("gitops-window", fmt.Sprintf("schedule %q is no cron expression of five fields", window.Schedule), "for example 0 22 * * 6", append(path, "schedule")...))
		}
		if length, err := time.ParseDuration(window.Duration); err != nil || length <= 0 {
			findings.Add(m.Finding("gitops-window", fmt.Sprintf("duration %q is no time", window.Duration), "write it as 6h", append(path, "duration")...))
		}
	}
	return findings
}
