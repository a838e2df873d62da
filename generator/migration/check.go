package migration

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

var versionSyntax = regexp.MustCompile(`^[0-9]+(\.[0-9]+){1,3}$`)

// objectSyntax is that of most names in Kubernetes: a DNS subdomain.
var objectSyntax = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

var nameSyntax = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$`)

// check finds what is wrong in a migration by itself, without an inventory.
func (m *Migration) check() finding.List {
	var findings finding.List
	for _, check := range []func() finding.List{
		m.checkRequired, m.checkPlatforms, m.checkTarget, m.checkMirror, m.checkPatterns,
		m.checkMonitoring, m.checkWorkloads, m.checkBatches, m.checkLocations, m.checkAcceptances, m.checkGitOps,
	} {
		findings.Add(check()...)
	}
	return findings
}

func (m *Migration) checkRequired() finding.List {
	required := []struct {
		value string
		path  []string
	}{
		{m.Metadata.Name, []string{"metadata", "name"}},
		{m.Source.Cluster, []string{"source", "cluster"}},
		{m.Source.Namespace, []string{"source", "namespace"}},
		{m.Source.Platform, []string{"source", "platform"}},
		{m.Source.BootstrapServers, []string{"source", "bootstrapServers"}},
		{m.Target.Cluster, []string{"target", "cluster"}},
		{m.Target.Namespace, []string{"target", "namespace"}},
		{m.Target.Platform, []string{"target", "platform"}},
		{m.Target.Distribution, []string{"target", "distribution"}},
		{m.Target.Version, []string{"target", "version"}},
	}
	var findings finding.List
	for _, field := range required {
		if field.value == "" {
			findings.Add(m.Finding("field-missing", strings.Join(field.path, ".")+" is missing",
				"`cutover init` proposes a complete migration.yaml", field.path...))
		}
	}
	if version := m.Source.Version; version != "" && !versionSyntax.MatchString(version) {
		findings.Add(m.Finding("source-version", fmt.Sprintf("source.version %q is no Kafka version", version), "write it in numbers, such as 2.4.0", "source", "version"))
	}
	if name := m.Metadata.Name; name != "" && !nameSyntax.MatchString(name) {
		findings.Add(m.Finding("migration-name", fmt.Sprintf("metadata.name %q is no DNS label of at most 40 characters", name),
			"use lower-case letters, digits and hyphens", "metadata", "name"))
	}
	return findings
}

func (m *Migration) checkPlatforms() finding.List {
	var findings finding.List
	for side, platform := range map[string]string{"source": m.Source.Platform, "target": m.Target.Platform} {
		if platform == "" {
			continue
		}
		if _, err := ParsePlatform(platform); err != nil {
			findings.Add(m.Finding("platform", err.Error(), "give the platform and its version", side, "platform"))
		}
	}
	findings.Sort()
	return findings
}

func (m *Migration) checkTarget() finding.List {
	var findings finding.List
	if m.Target.Distribution == "" || m.Target.Version == "" {
		return nil
	}
	distribution := strimzi.Distribution(m.Target.Distribution)
	if distribution != strimzi.AMQStreams && distribution != strimzi.Strimzi {
		return finding.List{m.Finding("unknown-distribution", fmt.Sprintf("target.distribution %q is unknown", m.Target.Distribution),
			"write amq-streams or strimzi", "target", "distribution")}
	}
	version, err := strimzi.LookupVersion(distribution, m.Target.Version)
	if err != nil {
		return finding.List{m.Finding("unknown-version", err.Error(), "choose one of the known versions; a fresh target is best on the newest", "target", "version")}
	}
	platform, err := ParsePlatform(m.Target.Platform)
	if err == nil && version.OldCRDs && !platform.OldCRDs() {
		findings.Add(m.Finding("version-on-platform",
			fmt.Sprintf("%s brings CRDs of apiextensions.k8s.io/v1beta1, which %s does not serve", version, m.Target.Platform),
			"choose AMQ Streams 1.8 (Strimzi 0.24)", "target", "version"))
	}
	if n := m.Target.ZooKeeperReplicas; n > 0 && n%2 == 0 {
		findings.Add(m.Finding("zookeeper-even", fmt.Sprintf("target.zookeeperReplicas is %d: an even ensemble survives no more failures than one node less", n),
			"choose an odd number", "target", "zookeeperReplicas"))
	}
	findings.Add(m.checkOperator(distribution)...)
	return findings
}

func (m *Migration) checkOperator(distribution strimzi.Distribution) finding.List {
	var findings finding.List
	switch distribution {
	case strimzi.AMQStreams:
		if m.Target.OLM == nil || m.Target.OLM.Channel == "" || m.Target.OLM.StartingCSV == "" {
			findings.Add(m.Finding("olm-missing", "target.olm needs channel and startingCSV",
				"`oc get packagemanifest amq-streams -o yaml` on the target lists them; they cannot be computed", "target", "olm"))
		}
	case strimzi.Strimzi:
		if m.Target.OperatorChart == nil {
			findings.Add(m.Finding("operator-chart-missing", "target.operatorChart is missing for distribution strimzi",
				"give the URL and sha256 of strimzi-kafka-operator-helm-3-chart-VERSION.tgz and run `cutover vendor`", "target"))
		}
	}
	return findings
}

func (m *Migration) checkMonitoring() finding.List {
	var findings finding.List
	findings.Add(m.checkPrometheus(m.Monitoring.Prometheus, "monitoring", "prometheus")...)
	if source := m.Monitoring.Source; source != nil {
		findings.Add(m.checkPrometheus(source.Prometheus, "monitoring", "source", "prometheus")...)
	}
	findings.Add(m.checkGrafana()...)
	return findings
}

// checkPatterns compiles every regular expression, and refuses commas: MirrorMaker 2 reads
// its pattern lists with the comma as separator.
func (m *Migration) checkPatterns() finding.List {
	var findings finding.List
	check := func(pattern string, path ...string) {
		switch _, err := regexp.Compile("^(?:" + pattern + ")$"); {
		case err != nil:
			findings.Add(m.Finding("pattern", fmt.Sprintf("%q is no regular expression that Go and Java share: %v", pattern, err), "escape what is meant literally", path...))
		case strings.Contains(pattern, ","):
			findings.Add(m.Finding("pattern", fmt.Sprintf("%q holds a comma, at which MirrorMaker 2 splits its pattern list", pattern), "write the pattern without a comma, as two entries", path...))
		}
	}
	lists := []struct {
		patterns []string
		path     []string
	}{
		{m.Topics.Include, []string{"topics", "include"}}, {m.Topics.Exclude, []string{"topics", "exclude"}},
		{m.Users.Include, []string{"users", "include"}}, {m.Users.Exclude, []string{"users", "exclude"}},
		{m.Mirror.GroupsExclude, []string{"mirror", "groupsExclude"}},
	}
	for _, list := range lists {
		for i, pattern := range list.patterns {
			check(pattern, append(list.path, strconv.Itoa(i))...)
		}
	}
	for i, override := range m.Topics.Overrides {
		findings.Add(m.checkOverride(override.Name, override.Pattern, "topics", i)...)
	}
	for i, override := range m.Users.Overrides {
		findings.Add(m.checkOverride(override.Name, override.Pattern, "users", i)...)
	}
	return findings
}

func (m *Migration) checkOverride(name, pattern, section string, i int) finding.List {
	where := []string{section, "overrides", strconv.Itoa(i)}
	if (name == "") == (pattern == "") {
		return finding.List{m.Finding("override", "an override needs either name or pattern", "name one, or match many", where...)}
	}
	if _, err := regexp.Compile("^(?:" + pattern + ")$"); err != nil {
		return finding.List{m.Finding("pattern", fmt.Sprintf("%q is no regular expression: %v", pattern, err), "escape what is meant literally", where...)}
	}
	return nil
}

func (m *Migration) checkLocations() finding.List {
	var findings finding.List
	for _, named := range m.Locations() {
		l := named.Location
		where := finding.Finding{Rule: "location", Severity: finding.Error, File: m.File(), Line: l.Line, Object: named.Name}
		switch {
		case (l.Path == "") == (l.URL == ""):
			where.Message, where.Hint = "a location needs either a path or a URL", "write a path, or url with checksum or commit"
		case strings.Contains(l.Path, "://"):
			where.Message = fmt.Sprintf("%s stands where a path is expected", named.Name)
			where.Hint = "write it as a mapping: {url: …, checksum: sha256:…}, or commit for git"
		case l.Path != "" && !filepath.IsLocal(filepath.FromSlash(l.Path)):
			where.Message = fmt.Sprintf("path %q leaves the folder of migration.yaml", l.Path)
			where.Hint = "keep everything a migration needs beside its migration.yaml"
		case strings.HasPrefix(l.URL, "s3::") && !l.AllowS3:
			where.Message, where.Hint = "an s3 URL needs allowS3: true", "S3 reads credentials from the environment; ask for it"
		default:
			continue
		}
		findings.Add(where)
	}
	return findings
}

func (m *Migration) checkAcceptances() finding.List {
	var findings finding.List
	for i, accepted := range m.Accept {
		if accepted.Rule == "" || strings.TrimSpace(accepted.Reason) == "" {
			findings.Add(m.Finding("accept", "an acceptance needs a rule and a reason", "say why the finding may stay", "accept", strconv.Itoa(i)))
		}
	}
	return findings
}

// NamedLocation is a location and the field it stands in.
type NamedLocation struct {
	Name     string
	Location *Location
}

// Locations gives every location of the migration, in the order of the file's fields.
func (m *Migration) Locations() []NamedLocation {
	var all []NamedLocation
	add := func(name string, location *Location) {
		if location != nil {
			all = append(all, NamedLocation{name, location})
		}
	}
	add("source.inventory", m.Source.Inventory)
	add("target.operatorChart", m.Target.OperatorChart)
	for _, w := range m.Workloads {
		if w.Source != nil {
			add("workloads."+w.Name+".source.manifests", w.Source.Manifests)
		}
		if w.Target != nil {
			add("workloads."+w.Name+".target.manifests", w.Target.Manifests)
		}
	}
	return all
}
