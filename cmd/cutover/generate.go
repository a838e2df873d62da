package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"cutover/generator"
	"cutover/generator/finding"
	"cutover/generator/overlay"
	"cutover/generator/plan"
	"cutover/generator/tree"
)

func newGenerate(s streams, p printer) *cobra.Command {
	var out, format string
	command := &cobra.Command{
		Use:   "generate [DIR]",
		Short: "Write the migration's repository from migration.yaml and the inventory",
		Long: `generate reads migration.yaml in DIR and the inventory it names, and writes the Helm
releases, phase overlays, cluster pointers and the runbook to --out (DIR itself unless
given). It writes all or nothing; phases that were reached stay reached; files that were
edited by hand are never overwritten.`,
		Example: `  cutover generate examples/freight --out build/freight
  cutover generate . -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			dir := folder(args)
			if out == "" {
				out = dir
			}
			p.progress("reading %s and rendering its releases …", dir)
			output, err := generateFrom(command.Context(), dir, out)
			if err != nil {
				p.findings(output.Findings.Of(finding.Warning).Open())
				return err
			}
			p.progress("writing %d files to %s …", len(output.Tree), out)
			changes, err := tree.Write(tree.OS{}, out, output.Tree, overlay.PointerPaths(), filepath.Clean(out) == filepath.Clean(dir))
			if err != nil {
				return err
			}
			summary := summarise(output, changes, out)
			if format == "json" {
				return s.json(summary)
			}
			p.findings(output.Findings.Open())
			return s.result([]byte(summary.String()))
		},
	}
	command.Flags().StringVar(&out, "out", "", "folder to write (default DIR)")
	addFormat(command, &format)
	return command
}

// summary is what generate says of its work.
type summary struct {
	Migration string         `json:"migration"`
	Out       string         `json:"out"`
	Source    string         `json:"source"`
	Target    string         `json:"target"`
	Topics    int            `json:"topics"`
	Left      int            `json:"topicsLeftBehind"`
	Users     int            `json:"users"`
	Workloads int            `json:"workloads"`
	Batches   int            `json:"batches"`
	Phases    []phaseSummary `json:"phases"`
	Returns   []phaseSummary `json:"returns"`
	Files     int            `json:"files"`
	Added     int            `json:"filesAdded"`
	Changed   int            `json:"filesChanged"`
	Removed   int            `json:"filesRemoved"`
	Findings  finding.List   `json:"findings"`
}

type phaseSummary struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Cluster plan.Side `json:"cluster"`
}

func summarise(output generator.Output, changes tree.Changes, out string) summary {
	p := output.Plan
	s := summary{
		Migration: p.Migration.Metadata.Name, Out: out,
		Source: fmt.Sprintf("Kafka %s/%s on %s", p.Inventory.Kafka.Namespace, p.Inventory.Kafka.Name, p.Migration.Source.Platform),
		Target: fmt.Sprintf("Kafka %s/%s on %s, %s", p.Kafka.Namespace, p.Kafka.Name, p.Migration.Target.Platform, p.Version),
		Topics: len(p.Topics), Left: len(p.Left), Users: len(p.Users), Workloads: len(p.Workloads), Batches: len(p.Batches),
		Files: len(output.Tree) + 1, Added: len(changes.Added), Changed: len(changes.Changed), Removed: len(changes.Removed),
		Findings: append(finding.List{}, output.Findings...),
	}
	s.Phases, s.Returns = summariseAll(p.Phases), summariseAll(p.Returns)
	return s
}

func summariseAll(phases []plan.Phase) []phaseSummary {
	all := make([]phaseSummary, len(phases))
	for i, phase := range phases {
		all[i] = phaseSummary{phase.ID(), phase.Name, phase.Side}
	}
	return all
}

// String gives the summary in a few lines, with the next step.
func (s summary) String() string {
	phases := "no phases"
	if n := len(s.Phases); n > 0 {
		phases = fmt.Sprintf("%d phases, %s %s to %s %s", n, s.Phases[0].ID, s.Phases[0].Name, s.Phases[n-1].ID, s.Phases[n-1].Name)
	}
	if n := len(s.Returns); n > 0 {
		phases += fmt.Sprintf("; %d to roll back", n)
	}
	files := fmt.Sprintf("%d files in %s: %d added, %d changed, %d removed", s.Files, s.Out, s.Added, s.Changed, s.Removed)
	if s.Added+s.Changed+s.Removed == 0 {
		files = fmt.Sprintf("%d files in %s: nothing to change", s.Files, s.Out)
	}
	return fmt.Sprintf(`migration %s
  from      %s
  to        %s
  moves     %d topics (%d stay behind), %d users, %d workloads in %d batches
  steps     %s
  wrote     %s
  findings  %d open, %d accepted, %d notes
next: read %s/README.md, commit the folder, then cutover validate %s
`, s.Migration, s.Source, s.Target, s.Topics, s.Left, s.Users, s.Workloads, s.Batches, phases, files,
		len(s.Findings.Open()), accepted(s.Findings), len(s.Findings.Of(finding.Note)), s.Out, s.Out)
}

func accepted(findings finding.List) int {
	count := 0
	for _, f := range findings {
		if f.Accepted != "" {
			count++
		}
	}
	return count
}

func (s streams) json(value any) error {
	content, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return s.result(append(content, '\n'))
}

func addFormat(command *cobra.Command, format *string) {
	command.Flags().StringVarP(format, "output", "o", "text", "text or json")
}

func checkFormat(format string) error {
	if format != "text" && format != "json" {
		return usage(fmt.Sprintf("--output %q is unknown", format), "write -o text or -o json")
	}
	return nil
}
