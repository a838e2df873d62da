// Package workspace reads a migration's folder from disk: migration.yaml, the inventory or
// the export it names, what was vendored, and the phases that were already reached. It is
// the generator's one entrance from the file system, and uses no network.
package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cutover/charts"
	"cutover/generator"
	"cutover/generator/document"
	"cutover/generator/fetch"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/migration"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/release"
	"cutover/generator/tree"
	"cutover/overlays"
)

// MigrationFile and InventoryFile are the names of the two inputs within a folder.
const (
	MigrationFile = "migration.yaml"
	InventoryFile = "inventory.yaml"
)

// Load reads everything that [generator.Generate] needs from dir. Pointers come from out,
// the folder that is going to be written, where it holds a tree already.
func Load(ctx context.Context, dir, out string) (generator.Input, error) {
	content, m, err := Migration(dir)
	if err != nil {
		return generator.Input{}, err
	}
	w := workspace{dir: dir, migration: m}
	if w.lock, err = fetch.ReadLock(os.DirFS(dir)); err != nil {
		return generator.Input{}, err
	}
	input := generator.Input{Migration: m, MigrationFile: content, Overlays: overlays.FS}
	input.Sources.Charts = charts.FS
	if input.Inventory, err = w.inventory(ctx); err != nil {
		return generator.Input{}, err
	}
	if input.Sources.OperatorChart, err = w.operatorChart(); err != nil {
		return generator.Input{}, err
	}
	if input.Sources.Objects, input.Files, err = w.objects(); err != nil {
		return generator.Input{}, err
	}
	input.Pointers, err = pointers(out)
	return input, err
}

// Migration reads and checks migration.yaml in a folder.
func Migration(dir string) ([]byte, *migration.Migration, error) {
	path := filepath.Join(dir, MigrationFile)
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, finding.Finding{Rule: "unreadable", Severity: finding.Error, File: path, Message: "cannot be read: " + cause(err),
			Hint: "name a folder with a migration.yaml; `cutover init` proposes one"}
	}
	m, _, err := migration.Load(path, content)
	return content, m, err
}

// Requests gives what the migration names by URL, for vendoring.
func Requests(m *migration.Migration) []fetch.Request {
	var requests []fetch.Request
	for _, named := range m.Locations() {
		if named.Location.URL != "" {
			requests = append(requests, fetch.Request{Name: named.Name, Location: *named.Location, File: m.File()})
		}
	}
	return requests
}

type workspace struct {
	dir       string
	migration *migration.Migration
	lock      fetch.Lock
}

// open gives where a location stands on disk.
func (w workspace) open(name string, location *migration.Location) (string, error) {
	if location.URL != "" {
		return fetch.Open(w.dir, w.lock, fetch.Request{Name: name, Location: *location, File: w.migration.File()})
	}
	path := filepath.Join(w.dir, filepath.FromSlash(location.Path))
	return path, w.stays(name, location, path)
}

// stays refuses a path whose symlinks lead out of the folder. What does not exist is told by
// whoever reads it.
func (w workspace) stays(name string, location *migration.Location, path string) error {
	root, err := filepath.EvalSymlinks(w.dir)
	if err != nil {
		return fmt.Errorf("resolve %s: %w", w.dir, err)
	}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	if relative, err := filepath.Rel(root, resolved); err == nil && filepath.IsLocal(relative) {
		return nil
	}
	return finding.Finding{Rule: "symlink", Severity: finding.Error, File: w.migration.File(), Line: location.Line, Object: name,
		Message: fmt.Sprintf("path %q is a symlink that leaves the folder of migration.yaml", location.Path),
		Hint:    "keep everything a migration needs beside its migration.yaml"}
}

// inventory reads what source.inventory names. A generated tree holds the inventory itself
// and not the export it was made of, so there inventory.yaml stands in for it.
func (w workspace) inventory(ctx context.Context) (inventory.Inventory, error) {
	own := filepath.Join(w.dir, InventoryFile)
	location := w.migration.Source.Inventory
	if location == nil {
		return w.readInventory(ctx, own)
	}
	if exists(filepath.Join(w.dir, tree.SumFile)) && exists(own) && (location.URL != "" || !exists(filepath.Join(w.dir, location.Path))) {
		return w.readInventory(ctx, own)
	}
	path, err := w.open("source.inventory", location)
	if err != nil {
		return inventory.Inventory{}, err
	}
	return w.readInventory(ctx, path)
}

func (w workspace) readInventory(ctx context.Context, path string) (inventory.Inventory, error) {
	if loaded, ok, err := ReadInventory(path); ok || err != nil {
		return loaded, err
	}
	options := inventory.Options{Cluster: w.migration.Source.Cluster, Namespace: w.migration.Source.Namespace}
	read, findings, err := inventory.Read(ctx, inventory.Paths{Names: []string{path}}, options)
	read.Findings = findings
	return read, err
}

// ReadInventory reads a file of kind Inventory. For a path that is something else, such as
// an export, ok is false.
func ReadInventory(path string) (loaded inventory.Inventory, ok bool, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return loaded, false, finding.Finding{Rule: "unreadable", Severity: finding.Error, File: path, Message: "cannot be read: " + cause(err),
			Hint: "correct source.inventory, or make the file with: cutover inventory -f EXPORT > " + InventoryFile}
	}
	if !info.Mode().IsRegular() || info.Size() > document.DefaultLimits().Bytes {
		return loaded, false, nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return loaded, false, fmt.Errorf("read the inventory: %w", err)
	}
	if !bytes.Contains(content, []byte("kind: "+inventory.Kind+"\n")) {
		return loaded, false, nil
	}
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil || len(documents) != 1 || documents[0].Kind() != inventory.Kind {
		return loaded, false, err
	}
	loaded, err = inventory.Load(documents[0])
	return loaded, true, err
}

// operatorChart gives the chart that target.operatorChart names. A generated tree holds its
// copy, and not what was vendored.
func (w workspace) operatorChart() (fs.FS, error) {
	location := w.migration.Target.OperatorChart
	if location == nil {
		return nil, nil
	}
	if own := filepath.Join(w.dir, "charts", release.StrimziChart); exists(filepath.Join(w.dir, tree.SumFile)) && exists(own) {
		return os.DirFS(own), nil
	}
	path, err := w.open("target.operatorChart", location)
	if err != nil {
		return nil, err
	}
	if !exists(filepath.Join(path, "Chart.yaml")) {
		return nil, finding.Finding{Rule: "operator-chart", Severity: finding.Error, File: w.migration.File(), Line: location.Line, Object: path,
			Message: "the folder holds no Chart.yaml", Hint: "name the unpacked chart, or its .tgz by URL"}
	}
	return os.DirFS(path), nil
}

// objects reads the full manifests that workloads name: one object each. The files go into
// the tree as well, so that it generates itself.
func (w workspace) objects() (map[string]map[string]any, tree.Tree, error) {
	objects, files := make(map[string]map[string]any), make(tree.Tree)
	for _, named := range w.migration.Locations() {
		if named.Name == "source.inventory" || named.Name == "target.operatorChart" {
			continue
		}
		path, err := w.open(named.Name, named.Location)
		if err != nil {
			return nil, nil, err
		}
		content, err := w.keep(files, path)
		if err != nil {
			return nil, nil, err
		}
		if named.Location.URL != "" {
			if _, err := w.keep(files, filepath.Join(w.dir, filepath.FromSlash(fetch.LockFile))); err != nil {
				return nil, nil, err
			}
		}
		if objects[named.Name], err = readObject(path, content); err != nil {
			return nil, nil, err
		}
	}
	return objects, files, nil
}

// keep reads a file of the folder, and adds it to the files that the tree keeps.
func (w workspace) keep(files tree.Tree, path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, finding.Finding{Rule: "unreadable", Severity: finding.Error, File: path, Message: "cannot be read: " + cause(err), Hint: "correct the workload's manifests"}
	}
	relative, err := filepath.Rel(w.dir, path)
	if err != nil {
		return nil, fmt.Errorf("keep %s: %w", path, err)
	}
	files[filepath.ToSlash(relative)] = content
	return content, nil
}

func readObject(path string, content []byte) (map[string]any, error) {
	documents, err := document.Read(path, bytes.NewReader(content), document.DefaultLimits())
	if err != nil {
		return nil, err
	}
	if len(documents) != 1 {
		return nil, finding.Finding{Rule: "workload-manifests", Severity: finding.Error, File: path,
			Message: fmt.Sprintf("the file holds %d objects, one was expected", len(documents)), Hint: "name a file that holds the workload's object alone"}
	}
	if err := documents[0].CheckIdentity(); err != nil {
		return nil, err
	}
	object, _ := document.Value(documents[0].Root).(map[string]any)
	return object, nil
}

// pointers reads the phases reached from a tree that is being written again.
func pointers(out string) (map[plan.Side][]byte, error) {
	found := make(map[plan.Side][]byte)
	if !exists(filepath.Join(out, tree.SumFile)) {
		return found, nil
	}
	for _, side := range plan.Sides() {
		content, err := os.ReadFile(filepath.Join(out, overlay.PointerPath(side)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the phases reached: %w", err)
		}
		found[side] = content
	}
	return found, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func cause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}
