// Package generator is the facade: from a declared migration and the inventory of a source
// cluster to the tree of files that is the migration. It is a pure function; reading and
// writing happen at its ends.
package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"sync"

	"cutover/generator/exporter"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/render"
	"cutover/generator/runbook"
	"cutover/generator/tree"
)

// Input is everything that a tree is made of.
type Input struct {
	// Migration is the will, and MigrationFile its text, which the tree keeps verbatim.
	Migration     *migration.Migration
	MigrationFile []byte
	// Inventory is the source cluster.
	Inventory inventory.Inventory
	// Sources are the charts and the objects that the migration refers to.
	Sources release.Sources
	// Files are what the tree keeps beside, by path: the manifests that workloads name.
	Files tree.Tree
	// Overlays holds the phase templates.
	Overlays fs.FS
	// Pointers are the pointers of a tree that is being written again: the phases reached.
	// A cluster without one begins with none.
	Pointers map[plan.Side][]byte
}

// Output is a generated tree and what a person should know of it.
type Output struct {
	Plan     *plan.Plan
	Tree     tree.Tree
	Findings finding.List
}

// Generate makes the tree. On an error nothing of it must be written; the error carries
// findings for everything that is wrong with the input.
func Generate(in Input) (Output, error) {
	p, findings, err := plan.New(in.Migration, in.Inventory)
	if err != nil {
		return Output{Findings: findings}, err
	}
	findings.Add(withoutGitOps(in.Migration)...)
	if source := in.Migration.Monitoring.Source; source == nil || !source.Skip {
		findings.Add(exporter.Source(in.Inventory)...)
	}
	findings.Sort()
	t, err := build(in, p, findings)
	if err != nil {
		return Output{Findings: findings}, err
	}
	return Output{Plan: p, Tree: t, Findings: findings}, nil
}

func build(in Input, p *plan.Plan, findings finding.List) (tree.Tree, error) {
	t := tree.Tree{"migration.yaml": in.MigrationFile}
	maps.Copy(t, in.Files)
	var texts texts
	var wait sync.WaitGroup
	wait.Go(func() { texts.write(in, p, findings) })
	objects, err := addReleases(t, p, in.Sources)
	wait.Wait()
	if err := errors.Join(err, texts.err); err != nil {
		return nil, err
	}
	t["inventory.yaml"], t["README.md"] = texts.inventory, texts.runbook
	files, err := overlay.Build(p, objects, in.Overlays)
	if err != nil {
		return nil, err
	}
	maps.Copy(t, files)
	if err := addClusters(t, p, in.Pointers); err != nil {
		return nil, err
	}
	return t, check(t)
}

// texts are the two files that need no release; they are written beside the rendering.
type texts struct {
	inventory, runbook []byte
	err                error
}

func (t *texts) write(in Input, p *plan.Plan, findings finding.List) {
	var inventoryErr, runbookErr error
	t.inventory, inventoryErr = inventory.Marshal(in.Inventory)
	alerts, alertsErr := release.Alerts(in.Sources.Charts)
	t.runbook, runbookErr = runbook.Write(p, findings, alerts)
	t.err = errors.Join(inventoryErr, alertsErr, runbookErr)
}

// addReleases renders all releases, and adds them, the charts they use and the Argo CD that
// applies them to the tree.
func addReleases(t tree.Tree, p *plan.Plan, sources release.Sources) (map[string][]overlay.Object, error) {
	releases, err := release.All(p, sources)
	if err != nil {
		return nil, err
	}
	renderer := release.Helm{KubeVersion: fmt.Sprintf("v1.%d.0", p.TargetPlatform.Kubernetes())}
	rendered := make([]map[string][]byte, len(releases))
	errs := make([]error, len(releases))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range releases {
		wait.Go(func() {
			slots <- struct{}{}
			rendered[i], errs[i] = releaseFiles(renderer, releases[i])
			<-slots
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	objects := make(map[string][]overlay.Object)
	for i, r := range releases {
		maps.Copy(t, rendered[i])
		if err := addChart(t, r); err != nil {
			return nil, err
		}
		if r.Bulk {
			continue
		}
		path := "releases/" + r.Name + "/manifests.yaml"
		if objects[r.Name], err = render.Objects(path, t[path]); err != nil {
			return nil, err
		}
	}
	return objects, addArgoCD(t, p, releases, objects)
}

// releaseFiles gives the four or five files of a release.
func releaseFiles(renderer release.Renderer, r release.Release) (map[string][]byte, error) {
	values, err := r.ValuesFile()
	if err != nil {
		return nil, err
	}
	manifests, err := renderer.Render(r, values)
	if err != nil {
		return nil, err
	}
	description, err := r.Describe()
	if err != nil {
		return nil, err
	}
	folder := "releases/" + r.Name + "/"
	files := map[string][]byte{folder + "values.yaml": values, folder + "manifests.yaml": manifests, folder + "release.yaml": description}
	kustomization := "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
	if r.CRDs {
		if files[folder+"crds.yaml"], err = renderer.CRDs(r); err != nil {
			return nil, err
		}
		kustomization += "- crds.yaml\n"
	}
	files[folder+"kustomization.yaml"] = []byte(kustomization + "- manifests.yaml\n")
	return files, nil
}

// addChart copies a chart verbatim, so that plain helm renders the release from the tree.
func addChart(t tree.Tree, r release.Release) error {
	err := fs.WalkDir(r.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(r.Files, name)
		if err != nil {
			return err
		}
		t["charts/"+r.Chart+"/"+name] = content
		return nil
	})
	if err != nil {
		return fmt.Errorf("copy chart %s: %w", r.Chart, err)
	}
	return nil
}

func addClusters(t tree.Tree, p *plan.Plan, pointers map[plan.Side][]byte) error {
	for _, side := range plan.Sides() {
		marker, err := overlay.MarkerFile(p, side)
		if err != nil {
			return err
		}
		t["clusters/"+string(side)+"/phase.yaml"] = marker
		pointer := pointers[side]
		if pointer == nil {
			pointer = overlay.NewPointer(side)
		}
		t[overlay.PointerPath(side)] = pointer
	}
	return nil
}

// check renders both clusters at the end of the way forward and at the end of the way back,
// so that no tree is written whose phases do not hit what they name.
func check(t tree.Tree) error {
	whole := maps.Clone(t)
	whole[tree.SumFile] = t.Sum(overlay.PointerPaths()...).Marshal()
	repository, err := render.Open(whole)
	if err != nil {
		return err
	}
	ways := [][]overlay.PhaseRef{overlay.Forward(repository.Phases)}
	if rollbacks := repository.Rollbacks(); len(rollbacks) > 0 {
		ways = append(ways, rollbacks[len(rollbacks)-1].Phases)
	}
	for _, phases := range ways {
		for _, side := range plan.Sides() {
			if _, err := repository.RenderPatched(side, render.Folders(side, phases)); err != nil {
				return err
			}
		}
	}
	return nil
}
