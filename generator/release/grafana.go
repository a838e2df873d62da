package release

import "cutover/generator/migration"

// addGrafana says where the dashboards go. What the migration does not say is left to the
// chart's own values.
func addGrafana(values map[string]any, g migration.Grafana, platform migration.Platform) {
	if g.Mode == "" || g.Mode == migration.GrafanaNone {
		return
	}
	values["dashboards"] = given(map[string]any{"folder": g.Folder, "label": g.Label, "labelValue": g.LabelValue})
	grafana := given(map[string]any{"mode": g.Mode, "image": g.Image})
	if len(g.InstanceLabels) > 0 {
		// Null takes the chart's label away, which would be merged with these.
		labels := map[string]any{"dashboards": nil}
		for key, value := range g.InstanceLabels {
			labels[key] = value
		}
		grafana["instanceLabels"] = labels
	}
	if g.Mode == migration.GrafanaInstance {
		grafana["admin"] = map[string]any{"secretName": g.AdminSecretName}
		addExposure(grafana, g, platform)
	}
	if len(g.Datasources) > 0 {
		grafana["datasources"] = datasources(g.Datasources)
	}
	if len(g.ContactPoints) > 0 {
		grafana["contactPoints"] = contactPoints(g.ContactPoints)
	}
	values["grafana"] = grafana
}

// given keeps the texts that are not empty.
func given(all map[string]any) map[string]any {
	for key, value := range all {
		if value == "" {
			delete(all, key)
		}
	}
	return all
}

// addExposure puts the instance on a route on OpenShift and behind an Ingress elsewhere.
func addExposure(grafana map[string]any, g migration.Grafana, platform migration.Platform) {
	switch {
	case platform.OpenShift:
		grafana["exposure"] = "route"
		if g.Host != "" {
			grafana["route"] = map[string]any{"host": g.Host}
		}
	case g.Host != "":
		grafana["exposure"] = "ingress"
		grafana["ingress"] = given(map[string]any{"host": g.Host, "tlsSecretName": g.TLSSecretName})
	default:
		grafana["exposure"] = "none"
	}
}

func datasources(list []migration.GrafanaDatasource) []any {
	all := make([]any, 0, len(list))
	for _, source := range list {
		entry := given(map[string]any{"name": source.Name, "url": source.URL, "namespace": source.Namespace, "default": source.Default})
		if source.Token != nil {
			entry["token"] = map[string]any{"secretName": source.Token.SecretName, "key": source.Token.Key}
		}
		if source.CA != nil {
			entry["ca"] = map[string]any{"configMapName": source.CA.ConfigMapName, "key": source.CA.Key}
		}
		all = append(all, entry)
	}
	return all
}

func contactPoints(list []migration.ContactPoint) []any {
	all := make([]any, 0, len(list))
	for _, point := range list {
		entry := map[string]any{"name": point.Name, "type": point.Type}
		if len(point.Settings) > 0 {
			entry["settings"] = point.Settings
		}
		if len(point.SecretSettings) > 0 {
			references := make(map[string]any, len(point.SecretSettings))
			for key, reference := range point.SecretSettings {
				references[key] = map[string]any{"secretName": reference.SecretName, "key": reference.Key}
			}
			entry["secretSettings"] = references
		}
		all = append(all, entry)
	}
	return all
}
