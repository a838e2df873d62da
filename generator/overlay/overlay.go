// Package overlay writes the phases of a plan as Kustomize components, the pointers that
// list which of them a cluster has reached, and the marker that every phase moves on.
package overlay

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"

	"cutover/generator/document"
	"cutover/generator/plan"
)

// Object names one Kubernetes object.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
}

// String names the object as "KafkaTopic kafka/orders".
func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind + " " + o.Name
	}
	return o.Kind + " " + o.Namespace + "/" + o.Name
}

// Marker is the ConfigMap in which a cluster is told the phase it has reached.
type Marker struct {
	Name, Namespace string
}

// view is what a phase's templates see.
type view struct {
	Phase plan.Phase
	// Previous is the phase that the same cluster reached before, "none" at first, and "" in a
	// rollback where there may be several.
	Previous string
	Marker   Marker
	Mirror   plan.Mirror
	Removals []Object
	// Alerts are what tells the cluster's alerts the phase, nil where nothing does.
	Alerts *alerts
	// Jobs are the cluster's gate Jobs, nil for a migration without.
	Jobs *jobs
}

// Build renders the templates of every phase of the plan. objects gives the objects that
// each release holds; templates is the content of the overlays folder. Paths begin with
// "overlays/".
func Build(p *plan.Plan, objects map[string][]Object, templates fs.FS) (map[string][]byte, error) {
	shared, err := parseShared(templates)
	if err != nil {
		return nil, err
	}
	files, guards, before := make(map[string][]byte), newGuards(p), chain(p)
	for _, phase := range everyPhase(p) {
		v := view{Phase: phase, Previous: before[phase.Number], Marker: markerOf(p, phase.Side), Mirror: p.Mirror, Removals: removals(p, phase, objects)}
		v.Alerts = alertsOf(p, phase, v.Previous, objects)
		if err := write(files, shared, templates, guards, v); err != nil {
			return nil, fmt.Errorf("phase %s: %w", phase.ID(), err)
		}
	}
	return files, nil
}

// write renders the two files of a phase.
func write(files map[string][]byte, shared *template.Template, templates fs.FS, guards *guards, v view) error {
	gate, err := execute(shared, templates, v.Phase.Template()+"/gate.yaml", v)
	if err != nil {
		return err
	}
	if v.Jobs, err = guards.jobs(v.Phase, v.Previous, gate); err != nil {
		return err
	}
	component, err := execute(shared, templates, v.Phase.Template()+"/kustomization.yaml", v)
	if err != nil {
		return err
	}
	folder := "overlays/" + v.Phase.Folder() + "/"
	files[folder+"gate.yaml"], files[folder+"kustomization.yaml"] = gate, component
	return nil
}

// None is the phase of a cluster that has reached none.
const None = "none"

func markerOf(p *plan.Plan, side plan.Side) Marker {
	marker := Marker{Name: "cutover-" + p.Migration.Metadata.Name, Namespace: p.Migration.Source.Namespace}
	if side == plan.Target {
		marker.Namespace = p.Migration.Target.Namespace
	}
	return marker
}

// removals are the objects that a phase takes out of the stream. The gate Jobs' user stays on
// the target when the mirror's goes: the phase that retires the source is proven there.
func removals(p *plan.Plan, phase plan.Phase, objects map[string][]Object) []Object {
	switch {
	case phase.Mirror == plan.RemoveMirror:
		gates := func(o Object) bool { return o.Kind == "KafkaUser" && o.Name == p.GatesUser(plan.Target) }
		return slices.DeleteFunc(slices.Concat(objects[plan.TargetMirror], objects[plan.TargetAccess]), gates)
	case phase.Retires:
		return objects[plan.SourceAccess]
	}
	return nil
}

func parseShared(templates fs.FS) (*template.Template, error) {
	functions := make(template.FuncMap)
	offered := sprig.TxtFuncMap()
	for _, name := range pure() {
		functions[name] = offered[name]
	}
	functions["toYaml"] = toYAML
	functions["quoteMeta"] = regexp.QuoteMeta
	functions["group"] = func(apiVersion string) string { return apiVersion[:strings.LastIndex(apiVersion, "/")] }
	functions["version"] = func(apiVersion string) string { return apiVersion[strings.LastIndex(apiVersion, "/")+1:] }
	shared, err := template.New("overlays").Option("missingkey=error").Funcs(functions).ParseFS(templates, "_*.tpl")
	if err != nil {
		return nil, fmt.Errorf("phase templates: %w", err)
	}
	return shared, nil
}

// pure are the functions of sprig that templates may use. None asks the clock, the
// environment, the network or chance.
func pure() []string {
	return []string{
		"default", "ternary", "coalesce", "empty", "list", "dict", "first", "last", "join", "splitList", "sortAlpha", "uniq", "has",
		"quote", "squote", "indent", "nindent", "trim", "trimPrefix", "trimSuffix", "replace", "lower", "upper", "title", "contains",
		"hasPrefix", "hasSuffix", "toString", "toJson", "add", "sub",
	}
}

func toYAML(value any) (string, error) {
	content, err := document.Marshal(value)
	return strings.TrimSuffix(string(content), "\n"), err
}

func execute(shared *template.Template, templates fs.FS, name string, v view) ([]byte, error) {
	text, err := fs.ReadFile(templates, name)
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	own, err := shared.Clone()
	if err != nil {
		return nil, err
	}
	if own, err = own.New(name).Parse(string(text)); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := own.Execute(&out, v); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
