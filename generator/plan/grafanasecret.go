package plan

import (
	"slices"

	"cutover/generator/migration"
)

// addGrafanaSecrets lists what Grafana reads: its administrator, tokens, and what is secret
// of contact points.
func (p *Plan) addGrafanaSecrets() {
	g := p.Migration.Monitoring.Grafana
	if g.Mode == migration.GrafanaInstance && g.AdminSecretName != "" {
		keys := []string{"admin-user", "admin-password"}
		if p.TargetPlatform.OpenShift {
			keys = append(keys, "session-secret")
		}
		p.addGrafanaSecret(g.AdminSecretName, "Grafana's administrator: make it with random values; session-secret has 16, 24 or 32 characters", keys...)
	}
	if g.TLSSecretName != "" {
		p.addGrafanaSecret(g.TLSSecretName, "the certificate of Grafana's Ingress", "tls.crt", "tls.key")
	}
	for _, source := range g.Datasources {
		if source.Token != nil {
			p.addGrafanaSecret(source.Token.SecretName, "a token that may read Prometheus, for Grafana's datasource "+source.Name, source.Token.Key)
		}
	}
	for _, point := range g.ContactPoints {
		for _, setting := range sortedKeys(point.SecretSettings) {
			reference := point.SecretSettings[setting]
			p.addGrafanaSecret(reference.SecretName, setting+" of Grafana's contact point "+point.Name, reference.Key)
		}
	}
}

// addGrafanaSecret adds a Secret, or keys to one that is already in the list.
func (p *Plan) addGrafanaSecret(name, how string, keys ...string) {
	known := slices.IndexFunc(p.Secrets, func(s SecretNeed) bool { return s.Name == name && s.Namespace == p.Migration.Target.Namespace })
	if known < 0 {
		p.Secrets = append(p.Secrets, SecretNeed{Name: name, Namespace: p.Migration.Target.Namespace, Keys: keys, Phase: "040", How: how})
		return
	}
	for _, key := range keys {
		if !slices.Contains(p.Secrets[known].Keys, key) {
			p.Secrets[known].Keys = append(p.Secrets[known].Keys, key)
		}
	}
}
