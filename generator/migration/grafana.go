package migration

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cutover/generator/finding"
)

// The ways in which dashboards reach a Grafana.
const (
	GrafanaNone     = "none"
	GrafanaSidecar  = "sidecar"
	GrafanaOperator = "operator"
	GrafanaInstance = "instance"
)

// Grafana says where the dashboards go, on the target. It has to be Grafana 8.3 or newer.
type Grafana struct {
	// Mode is none; sidecar, ConfigMaps for a Grafana that is there; operator, resources of
	// the Grafana operator 5; or instance, a Grafana for the migration. None where empty.
	Mode string `yaml:"mode,omitempty" json:"mode,omitempty" jsonschema:"enum=none,enum=sidecar,enum=operator,enum=instance"`
	// Folder is the dashboards' folder in Grafana; Cutover where empty.
	Folder string `yaml:"folder,omitempty" json:"folder,omitempty"`
	// Label and LabelValue are those by which a sidecar finds ConfigMaps; grafana_dashboard
	// and 1 where empty.
	Label      string `yaml:"label,omitempty" json:"label,omitempty"`
	LabelValue string `yaml:"labelValue,omitempty" json:"labelValue,omitempty"`
	// InstanceLabels choose the Grafana resources of mode operator; dashboards: grafana where
	// empty.
	InstanceLabels map[string]string `yaml:"instanceLabels,omitempty" json:"instanceLabels,omitempty"`
	// AdminSecretName is the Secret with the administrator of mode instance: admin-user,
	// admin-password and, on OpenShift, session-secret.
	AdminSecretName string `yaml:"adminSecretName,omitempty" json:"adminSecretName,omitempty"`
	// Host is that of the instance's route on OpenShift, which gives it one where empty, and
	// of its Ingress elsewhere, where empty means a Service alone.
	Host string `yaml:"host,omitempty" json:"host,omitempty"`
	// TLSSecretName is the Secret with the Ingress' certificate; empty means plain HTTP.
	TLSSecretName string `yaml:"tlsSecretName,omitempty" json:"tlsSecretName,omitempty"`
	// Image is the instance's.
	Image string `yaml:"image,omitempty" json:"image,omitempty"`
	// Datasources are what Grafana asks in modes operator and instance; without any it asks
	// the target's Prometheus.
	Datasources []GrafanaDatasource `yaml:"datasources,omitempty" json:"datasources,omitempty"`
	// ContactPoints are where Grafana sends alerts that are defined in it; the first gets all.
	ContactPoints []ContactPoint `yaml:"contactPoints,omitempty" json:"contactPoints,omitempty"`
}

// GrafanaDatasource is a Prometheus that Grafana asks.
type GrafanaDatasource struct {
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// URL is empty for the Prometheus of the target's own cluster.
	URL string `yaml:"url,omitempty" json:"url,omitempty"`
	// Namespace is the only one that is asked for, by Thanos' port 9092; "*" means all, by
	// port 9091, and needs the ClusterRole cluster-monitoring-view.
	Namespace string `yaml:"namespace,omitempty" json:"namespace,omitempty"`
	// Default makes it Grafana's default.
	Default bool `yaml:"default,omitempty" json:"default,omitempty"`
	// Token is a bearer token in a Secret on the target.
	Token *SecretKeyRef `yaml:"token,omitempty" json:"token,omitempty"`
	// CA is a ConfigMap on the target with the authority to trust.
	CA *ConfigMapKeyRef `yaml:"ca,omitempty" json:"ca,omitempty"`
}

// ConfigMapKeyRef is one key of a ConfigMap.
type ConfigMapKeyRef struct {
	ConfigMapName string `yaml:"configMapName" json:"configMapName" jsonschema:"required"`
	Key           string `yaml:"key" json:"key" jsonschema:"required"`
}

// ContactPoint is one place to which Grafana sends alerts.
type ContactPoint struct {
	Name string `yaml:"name" json:"name" jsonschema:"required"`
	// Type is Grafana's, such as slack, email or webhook.
	Type string `yaml:"type" json:"type" jsonschema:"required"`
	// Settings are Grafana's for the type, as far as they are no secrets.
	Settings map[string]any `yaml:"settings,omitempty" json:"settings,omitempty"`
	// SecretSettings are those that are, such as url of slack.
	SecretSettings map[string]SecretKeyRef `yaml:"secretSettings,omitempty" json:"secretSettings,omitempty"`
}

// secretSetting finds settings of contact points that hold secrets; a webhook's address is
// one as well.
var secretSetting = regexp.MustCompile(`(?i)(^url$|webhook|token|password|secret|key$|credential|authorization)`)

// checkGrafana holds monitoring.grafana to what its mode needs.
func (m *Migration) checkGrafana() finding.List {
	g, path := m.Monitoring.Grafana, []string{"monitoring", "grafana"}
	var findings finding.List
	add := func(message, hint string, keys ...string) {
		findings.Add(m.Finding("monitoring-grafana", "monitoring.grafana"+message, hint, slices.Concat(path, keys)...))
	}
	switch g.Mode {
	case "", GrafanaNone, GrafanaSidecar, GrafanaOperator:
	case GrafanaInstance:
		if g.AdminSecretName == "" {
			add(".adminSecretName is missing", "name a Secret with admin-user, admin-password and, on OpenShift, session-secret; cutover writes no passwords")
		}
	default:
		add(fmt.Sprintf(".mode %q is unknown", g.Mode), "write none, sidecar, operator or instance", "mode")
	}
	for _, field := range []struct {
		name  string
		set   bool
		modes []string
	}{
		{"label", g.Label != "", []string{GrafanaSidecar}}, {"labelValue", g.LabelValue != "", []string{GrafanaSidecar}},
		{"instanceLabels", len(g.InstanceLabels) > 0, []string{GrafanaOperator}},
		{"adminSecretName", g.AdminSecretName != "", []string{GrafanaInstance}}, {"host", g.Host != "", []string{GrafanaInstance}},
		{"tlsSecretName", g.TLSSecretName != "", []string{GrafanaInstance}}, {"image", g.Image != "", []string{GrafanaInstance}},
		{"datasources", len(g.Datasources) > 0, []string{GrafanaOperator, GrafanaInstance}},
		{"contactPoints", len(g.ContactPoints) > 0, []string{GrafanaOperator, GrafanaInstance}},
	} {
		if field.set && !slices.Contains(field.modes, g.Mode) {
			add("."+field.name+" is for mode "+strings.Join(field.modes, " or "), "leave it out, or write another mode", field.name)
		}
	}
	findings.Add(m.checkDatasources(path)...)
	findings.Add(m.checkContactPoints(path)...)
	return findings
}

func (m *Migration) checkDatasources(path []string) finding.List {
	var findings finding.List
	names, defaults := map[string]bool{}, 0
	for i, source := range m.Monitoring.Grafana.Datasources {
		here := slices.Concat(path, []string{"datasources", strconv.Itoa(i)})
		if source.Name == "" || names[source.Name] {
			findings.Add(m.Finding("monitoring-grafana", fmt.Sprintf("datasource %q needs a name of its own", source.Name), "dashboards offer datasources by name", here...))
		}
		names[source.Name] = true
		if source.Default {
			defaults++
		}
		if strings.Contains(source.URL, "@") {
			findings.Add(m.Finding("monitoring-grafana", fmt.Sprintf("the url of datasource %s holds a user or a password", source.Name), "bring a token in a Secret and name it under token", here...))
		}
	}
	if defaults > 1 {
		findings.Add(m.Finding("monitoring-grafana", "more than one datasource is the default", "leave default out of all but one", slices.Concat(path, []string{"datasources"})...))
	}
	return findings
}

func (m *Migration) checkContactPoints(path []string) finding.List {
	var findings finding.List
	for i, point := range m.Monitoring.Grafana.ContactPoints {
		here := slices.Concat(path, []string{"contactPoints", strconv.Itoa(i)})
		if !objectSyntax.MatchString(point.Name) || point.Type == "" {
			findings.Add(m.Finding("monitoring-grafana", fmt.Sprintf("contact point %q needs a type, and a name in lower-case letters, digits and hyphens", point.Name), "for example name: streams-team, type: slack", here...))
		}
		for setting := range point.Settings {
			if secretSetting.MatchString(setting) {
				findings.Add(m.Finding("monitoring-grafana", fmt.Sprintf("setting %s of contact point %s is a secret", setting, point.Name), "bring its value in a Secret and name it under secretSettings", here...))
			}
		}
	}
	return findings
}
