package plan

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/strimzi"
)

// checkUnlisted finds what the inventory shows to use the cluster and no workload names:
// a producer left behind is how records get lost.
func (p *Plan) checkUnlisted() finding.List {
	listed := make(map[[3]string]bool)
	for _, w := range p.Workloads {
		if w.Source != nil {
			listed[[3]string{w.Source.Kind, w.Source.Namespace, w.Source.Name}] = true
		}
	}
	var findings finding.List
	for _, found := range p.Inventory.Workloads {
		if listed[[3]string{found.Kind, found.Namespace, found.Name}] {
			continue
		}
		f := p.Migration.Warning("workload-unlisted",
			fmt.Sprintf("%s %s/%s uses the source cluster (%s) and no workload names it", found.Kind, found.Namespace, found.Name, first(found.Because)),
			"list it under workloads: what keeps writing to the source is lost", "workloads")
		f.Object = fmt.Sprintf("%s %s/%s", found.Kind, found.Namespace, found.Name)
		findings.Add(f)
	}
	return findings
}

func first(list []string) string {
	if len(list) == 0 {
		return "no evidence"
	}
	return list[0]
}

// checkGroups finds groups of the source that no workload names: nobody sets their offsets.
func (p *Plan) checkGroups() finding.List {
	var left []*regexp.Regexp
	for _, pattern := range append(strimzi.DefaultGroupsExclude(), p.Migration.Mirror.GroupsExclude...) {
		left = append(left, whole(pattern))
	}
	listed := p.movingGroups()
	var findings finding.List
	for _, group := range p.Inventory.Groups {
		excluded := slices.ContainsFunc(left, func(r *regexp.Regexp) bool { return r.MatchString(group.Name) })
		if excluded || slices.Contains(listed, group.Name) {
			continue
		}
		f := p.Migration.Warning("group-unlisted",
			fmt.Sprintf("group %s has offsets on the source and no workload names it: on the target it would begin anew", group.Name),
			"list it under the workload that uses it, or exclude it under mirror.groupsExclude", "workloads")
		f.Object = "group " + group.Name
		findings.Add(f)
	}
	return findings
}

// checkConnectors finds source connectors whose position in the outside system is kept in
// their Connect cluster's offset topic, which is never mirrored: on a fresh Connect cluster
// they begin with a snapshot, and write what the topics already hold.
func (p *Plan) checkConnectors() finding.List {
	var findings finding.List
	for i, w := range p.Workloads {
		if w.Source == nil || w.Source.Kind != "KafkaConnector" || len(w.Produces) == 0 {
			continue
		}
		f := p.Migration.Warning("connector-offsets",
			fmt.Sprintf("connector %s keeps its position in %s, which is not mirrored: on the target it would start from the beginning and write records twice", w.Source.Name, p.offsetTopic(w)),
			"copy its position into the target's Connect cluster before its start phase, or start it without a snapshot; then accept the finding", "workloads", strconv.Itoa(i))
		f.Object = "workload " + w.Name
		findings.Add(f)
	}
	return findings
}

func (p *Plan) offsetTopic(w Workload) string {
	for _, connector := range p.Inventory.Connectors {
		if connector.Name != w.Source.Name {
			continue
		}
		i := slices.IndexFunc(p.Inventory.Connects, func(c inventory.Connect) bool { return c.Name == connector.Cluster })
		if i >= 0 {
			return fmt.Sprintf("the offset topic of %s %s", p.Inventory.Connects[i].Kind, connector.Cluster)
		}
	}
	return "the offset topic of its Connect cluster"
}
