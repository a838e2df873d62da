// Package monitoring finds out whether a cluster's user workload monitoring can watch a
// migration: it is on, it looks into the namespace, and it keeps data for as long as the
// migration takes. It changes nothing: what is missing comes as a patch, since the two
// ConfigMaps belong to the whole OpenShift cluster.
package monitoring

import (
	"fmt"
	"strings"
	"time"

	"cutover/generator/migration"
)

// Question is what is asked about one cluster.
type Question struct {
	// Namespace is that of the Kafka resource, which the monitors stand in.
	Namespace string
	Platform  migration.Platform
	// Length is how long the migration takes: data must not be deleted sooner.
	Length time.Duration
	// StorageClass is that of the volume in a patch, "" for the cluster's default.
	StorageClass string
}

// Seen is what the cluster has.
type Seen struct {
	// Cluster is config.yaml in cluster-monitoring-config, Workload that in
	// user-workload-monitoring-config.
	Cluster, Workload Config
	// Labels are those of the namespace; LabelsErr tells why they are not known.
	Labels    map[string]string
	LabelsErr error
}

// Config is a key of a ConfigMap, as far as it is there and may be read.
type Config struct {
	// Exists tells whether the ConfigMap is there at all.
	Exists bool
	Text   string
	Err    error
}

// Check is one thing that must be so.
type Check struct {
	Name string `json:"check"`
	// Asked is the question in words, Seen what was found.
	Asked string `json:"asked"`
	Seen  string `json:"seen"`
	Holds bool   `json:"holds"`
	// Unknown tells that it could not be found out, which is not the same as holding.
	Unknown bool `json:"unknown,omitempty"`
	// Do says what to do, by hand, where it does not hold.
	Do string `json:"do,omitempty"`
	// Patch is a manifest or a patch in YAML, and Command applies it.
	Patch   string `json:"patch,omitempty"`
	Command string `json:"command,omitempty"`
}

// Hold tells whether nothing is left to do.
func Hold(checks []Check) bool {
	for _, check := range checks {
		if !check.Holds {
			return false
		}
	}
	return true
}

// Evaluate holds what a cluster has against what a migration needs.
func Evaluate(q Question, seen Seen) []Check {
	return []Check{enabled(seen.Cluster), watched(q, seen), retained(q, seen.Workload), stored(q, seen.Workload)}
}

// platformConfig and workloadConfig are the two ConfigMaps of the OpenShift cluster.
func platformConfig() object { return object{"openshift-monitoring", "cluster-monitoring-config"} }
func workloadConfig() object {
	return object{"openshift-user-workload-monitoring", "user-workload-monitoring-config"}
}

// enabled asks for enableUserWorkload, which is general since OpenShift 4.6.
func enabled(config Config) Check {
	check := Check{Name: "user-workload-enabled", Asked: "is user workload monitoring on (enableUserWorkload in " + platformConfig().String() + ")?"}
	settings, err := config.parse()
	if err != nil {
		return check.unknown(err)
	}
	if on, _ := settings["enableUserWorkload"].(bool); on {
		check.Holds, check.Seen = true, "it is on"
		return check
	}
	check.Seen = "it is off"
	check.Do = "switch it on; it is one setting for the whole cluster, and cutover never writes it"
	return check.patched(platformConfig(), config, []setting{{[]string{"enableUserWorkload"}, true}})
}

// clusterMonitoring marks the namespaces of the platform's own Prometheus, which user
// workload monitoring leaves out since OpenShift 4.8.
const clusterMonitoring = "openshift.io/cluster-monitoring"

func watched(q Question, seen Seen) Check {
	check := Check{Name: "namespace-watched", Asked: "is namespace " + q.Namespace + " left to user workload monitoring (no label " + clusterMonitoring + ")?"}
	switch {
	case seen.LabelsErr != nil:
		return check.unknown(seen.LabelsErr)
	case seen.Labels[clusterMonitoring] == "true":
		check.Seen = "it has the label, and is left out"
		check.Do = "take the label off: only the platform's own namespaces may have it"
		check.Command = "oc label namespace " + q.Namespace + " " + clusterMonitoring + "-"
	default:
		check.Holds, check.Seen = true, "it is"
	}
	return check
}

// defaultRetention is what holds where nothing is set: 15 days in OpenShift 4.6, and since
// 4.7 the Prometheus operator's own 24 hours.
func defaultRetention(platform migration.Platform) string {
	if platform.OpenShift && platform.Major == 4 && platform.Minor <= 6 {
		return "15d"
	}
	return "24h"
}

// short tells whether data is known to be deleted too soon.
func (q Question) short(settings map[string]any) bool {
	text, set := at(settings, "prometheus", "retention").(string)
	if !set {
		text = defaultRetention(q.Platform)
	}
	kept, err := ParseDuration(text)
	return err == nil && kept < q.Length
}

// volume is what a patch asks for where Prometheus has none.
const volume = "50Gi"

// lacking is all that the Prometheus of user workload monitoring lacks. Every patch carries
// it whole: the ConfigMap has one key, and of two patches the later would undo the first.
func (q Question) lacking(settings map[string]any, short bool) []setting {
	var all []setting
	if short {
		all = append(all, setting{[]string{"prometheus", "retention"}, span(q.Length)})
	}
	if at(settings, "prometheus", "volumeClaimTemplate") == nil {
		claim := map[string]any{"resources": map[string]any{"requests": map[string]any{"storage": volume}}}
		if q.StorageClass != "" {
			claim["storageClassName"] = q.StorageClass
		}
		all = append(all, setting{[]string{"prometheus", "volumeClaimTemplate"}, map[string]any{"spec": claim}})
	}
	return all
}

func retained(q Question, config Config) Check {
	check := Check{Name: "retention", Asked: "is data kept for the " + span(q.Length) + " that the migration takes (prometheus.retention in " + workloadConfig().String() + ")?"}
	settings, err := config.parse()
	if err != nil {
		return check.unknown(err)
	}
	text, set := at(settings, "prometheus", "retention").(string)
	if !set {
		text = defaultRetention(q.Platform)
	}
	kept, err := ParseDuration(text)
	if err != nil {
		return check.unknown(fmt.Errorf("prometheus.retention: %w", err))
	}
	check.Seen = text + map[bool]string{true: "", false: ", by default"}[set]
	if kept >= q.Length {
		check.Holds = true
		return check
	}
	check.Do = "have it kept for longer, on a volume that is large enough"
	return check.patched(workloadConfig(), config, q.lacking(settings, true))
}

func stored(q Question, config Config) Check {
	check := Check{Name: "storage", Asked: "does that Prometheus have a volume (prometheus.volumeClaimTemplate)?"}
	settings, err := config.parse()
	if err != nil {
		return check.unknown(err)
	}
	if at(settings, "prometheus", "volumeClaimTemplate") != nil {
		check.Holds, check.Seen = true, "it has one"
		return check
	}
	check.Seen = "it has none, and loses all data with its pod"
	check.Do = "give it a volume; " + volume + " is a guess"
	return check.patched(workloadConfig(), config, q.lacking(settings, q.short(settings)))
}

func (c Check) unknown(err error) Check {
	c.Unknown, c.Seen = true, strings.ReplaceAll(err.Error(), "\n", " ")
	c.Do = "ask somebody who may read it, or for the right to get it"
	return c
}
