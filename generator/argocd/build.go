package argocd

import (
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"text/template"

	"cutover/generator/overlay"
	"cutover/generator/plan"
)

//go:embed templates/*.tmpl
var templates embed.FS

// Folder is where the files lie in a generated tree.
const Folder = "argocd"

// Build gives the files of the folder argocd for a migration with a gitops section, by path.
// objects are those that the cluster holds in some phase, all of them or one of each kind
// and namespace.
func Build(p *plan.Plan, objects map[plan.Side][]overlay.Object) (map[string][]byte, error) {
	checks, err := HealthChecks()
	if err != nil {
		return nil, err
	}
	parsed, err := parse()
	if err != nil {
		return nil, err
	}
	v := newView(p, objects, checks)
	files := make(map[string][]byte)
	for _, name := range []string{"README.md", "kustomization.yaml", "project.yaml", "repo-server.yaml", "argocd-cm.yaml", "openshift-gitops.yaml"} {
		if files[Folder+"/"+name], err = execute(parsed, name, v); err != nil {
			return nil, err
		}
	}
	for _, cluster := range v.Clusters {
		v.Cluster = cluster
		if files[Folder+"/application-"+string(cluster.Side)+".yaml"], err = execute(parsed, "application.yaml", v); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func parse() (*template.Template, error) {
	all := template.New(Folder).Option("missingkey=error")
	all.Funcs(template.FuncMap{
		"quote": strconv.Quote,
		// include is template as a function, so that its text can be nested.
		"include": func(name string, v any) (string, error) {
			var out strings.Builder
			err := all.ExecuteTemplate(&out, name, v)
			return out.String(), err
		},
		"nested": nested,
	})
	parsed, err := all.ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("templates of %s: %w", Folder, err)
	}
	return parsed, nil
}

// nested indents all lines but the first, which stands where the text is put.
func nested(spaces int, text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range lines[1:] {
		if lines[i+1] != "" {
			lines[i+1] = strings.Repeat(" ", spaces) + lines[i+1]
		}
	}
	return strings.Join(lines, "\n")
}

func execute(parsed *template.Template, name string, v view) ([]byte, error) {
	var out bytes.Buffer
	if err := parsed.ExecuteTemplate(&out, name+".tmpl", v); err != nil {
		return nil, fmt.Errorf("write %s/%s: %w", Folder, name, err)
	}
	return out.Bytes(), nil
}
