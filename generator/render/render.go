package render

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
)

// Render gives the stream of one cluster after the phases of the given folders. It is
// whole or an error, never a part. It must not run twice at the same time in one process:
// Kustomize keeps its OpenAPI schema in a global (kustomize#4824).
func (r *Repository) Render(side plan.Side, folders []string) ([]byte, error) {
	return r.render(side, folders, true)
}

// RenderPatched gives the stream without the bulk that no phase patches, under the same
// conditions as [Repository.Render].
func (r *Repository) RenderPatched(side plan.Side, folders []string) ([]byte, error) {
	return r.render(side, folders, false)
}

func (r *Repository) render(side plan.Side, folders []string, bulk bool) ([]byte, error) {
	s := stage{repository: r, fs: filesys.MakeFsInMemory(), index: make(index), seen: make(map[string]bool)}
	cluster := "clusters/" + string(side)
	marker, err := r.read(cluster + "/phase.yaml")
	if err != nil {
		return nil, err
	}
	if err := s.put(cluster+"/phase.yaml", marker); err != nil {
		return nil, err
	}
	if err := s.put(cluster+"/kustomization.yaml", overlay.NewPointer(side, folders...)); err != nil {
		return nil, err
	}
	objects, err := Objects(cluster+"/phase.yaml", marker)
	if err != nil {
		return nil, err
	}
	s.index.add(objects)
	for _, folder := range folders {
		if err := s.phase(folder); err != nil {
			return nil, err
		}
	}
	if !bulk {
		s.bulk = nil
	}
	return s.build(cluster)
}

// stage gathers what one build needs: small things for Kustomize, bulk beside it.
type stage struct {
	repository *Repository
	fs         filesys.FileSystem
	index      index
	seen       map[string]bool
	bulk       [][]byte
}

func (s *stage) put(path string, content []byte) error {
	if err := s.fs.WriteFile("/"+path, content); err != nil {
		return fmt.Errorf("stage %s: %w", path, err)
	}
	return nil
}

func (s *stage) phase(folder string) error {
	path := "overlays/" + folder + "/kustomization.yaml"
	content, err := s.repository.read(path)
	if err != nil {
		return err
	}
	c, err := readComponent(path, content)
	if err != nil {
		return err
	}
	names, err := c.releases()
	if err != nil {
		return phaseFinding(path, folder, err)
	}
	c.Resources = nil
	for _, name := range names {
		if s.seen[name] {
			return phaseFinding(path, folder, fmt.Errorf("release %s was added before", name))
		}
		s.seen[name] = true
		small, err := s.release(name)
		if err != nil {
			return err
		}
		if small {
			c.Resources = append(c.Resources, "../../releases/"+name)
		}
	}
	for _, p := range c.Patches {
		if err := s.index.apply(p); err != nil {
			return phaseFinding(path, folder, err)
		}
	}
	reduced, err := document.Marshal(c)
	if err != nil {
		return err
	}
	return s.put(path, reduced)
}

// release stages a release, and tells whether Kustomize gets to see it: the bulk is passed
// through as it is, since no phase patches it.
func (s *stage) release(name string) (small bool, err error) {
	description, err := s.repository.description(name)
	if err != nil {
		return false, err
	}
	folder := "releases/" + name
	kustomization, err := s.repository.read(folder + "/kustomization.yaml")
	if err != nil {
		return false, err
	}
	files := []string{"manifests.yaml"}
	if description.HasCRDs {
		files = append(files, "crds.yaml")
	}
	for _, file := range files {
		path := folder + "/" + file
		content, err := s.repository.read(path)
		if err != nil {
			return false, err
		}
		if description.Bulk {
			s.bulk = append(s.bulk, content)
			continue
		}
		objects, err := Objects(path, content)
		if err != nil {
			return false, err
		}
		s.index.add(objects)
		if err := s.put(path, content); err != nil {
			return false, err
		}
	}
	return !description.Bulk, s.put(folder+"/kustomization.yaml", kustomization)
}

func (s *stage) build(cluster string) ([]byte, error) {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(s.fs, "/"+cluster)
	if err != nil {
		return nil, finding.Finding{Rule: "kustomize", Severity: finding.Error, File: cluster + "/kustomization.yaml", Message: err.Error(),
			Hint: "a failed test means that the phases are out of order, or that a release is not what its phase expects"}
	}
	content, err := built.AsYaml()
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", cluster, err)
	}
	out := bytes.NewBuffer(content)
	for _, manifests := range s.bulk {
		if !bytes.HasPrefix(manifests, []byte("---\n")) {
			out.WriteString("---\n")
		}
		out.Write(manifests)
	}
	return out.Bytes(), nil
}
