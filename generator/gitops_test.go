package generator_test

import (
	"strings"
	"testing"

	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/invariant"
	"cutover/generator/overlay"
	"cutover/generator/tree"
)

func TestWithoutAGitOpsSectionThereIsNoArgoCDButANote(t *testing.T) {
	for dir, want := range map[string]int{"testdata/small": 1, example: 0} {
		out, err := generator.Generate(load(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		notes := 0
		for _, note := range out.Findings.Of(finding.Note) {
			if note.Rule == "gitops-missing" {
				notes++
			}
		}
		files, err := out.Tree.List("argocd")
		if err != nil || notes != want || (len(files) == 0) != (want == 1) {
			t.Errorf("%s: %d notes, files %v, %v", dir, notes, files, err)
		}
	}
}

func TestTheProjectAllowsEveryKindOfTheBulk(t *testing.T) {
	project := string(made(t, example)["argocd/project.yaml"])
	for _, kind := range []string{"KafkaTopic", "KafkaUser", "Kafka", "Job", "Role"} {
		if !strings.Contains(project, "kind: "+kind+"}") {
			t.Errorf("the project has no %s", kind)
		}
	}
}

func TestAStrayFileForArgoCDIsFound(t *testing.T) {
	generated := made(t, "testdata/small")
	for name, ours := range map[string]bool{"with gitops": true, "without, where the folder is the team's": false} {
		t.Run(name, func(t *testing.T) {
			wanted := tree.Tree{}
			for path, content := range generated {
				wanted[path] = content
			}
			if ours {
				wanted["argocd/project.yaml"] = []byte("kind: AppProject\n")
			}
			files := tree.Tree{"argocd/mine.yaml": []byte("a: b\n")}
			for path, content := range wanted {
				files[path] = content
			}
			files[tree.SumFile] = files.Sum(overlay.PointerPaths()...).Marshal()
			found := 0
			for _, f := range invariant.Check(files, wanted) {
				if f.Rule == "stray" && f.File == "argocd/mine.yaml" {
					found++
				}
			}
			if (found == 1) != ours {
				t.Errorf("found %d strays", found)
			}
		})
	}
}
