package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cutover/generator/conversion"
	"cutover/generator/finding"
	"cutover/generator/inventory"
	"cutover/generator/strimzi"
)

// convertFlags are the flags of cutover convert.
type convertFlags struct {
	files                []string
	to, format           string
	inPlace, diff, check bool
}

func newConvert(s streams, p printer) *cobra.Command {
	var flags convertFlags
	command := &cobra.Command{
		Use:   "convert -f PATH",
		Short: "Convert Strimzi resources to v1beta2, offline",
		Long: `convert prints the resources in API version v1beta2. Only what a rule of the conversion
names changes: comments, key order, quoting and unknown fields stay. Inline metrics become
a ConfigMap that stands before its resource. Everything else passes byte for byte, and a
stream of any size needs no more memory than its largest object.

What the target's operator refuses is an error, and then nothing is written; what it reads
differently is a warning. With --check the exit code is 2 if anything would change.`,
		Example: `  cutover convert -f kafka.yaml --to amq-streams-1.8
  oc get kafka freight -o yaml | cutover convert -f -
  cutover convert -f manifests/ --diff
  cutover convert -f manifests/ --in-place`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			version, err := flags.parse()
			if err != nil {
				return err
			}
			return flags.run(command.Context(), s, p, version)
		},
	}
	command.Flags().StringArrayVarP(&flags.files, "filename", "f", nil, "files, folders (of .yaml, .yml and .json), .tar.gz, or - for standard input")
	command.Flags().StringVar(&flags.to, "to", "amq-streams-1.8", "target: amq-streams-1.7, amq-streams-1.8, strimzi-0.22 or strimzi-0.24")
	command.Flags().BoolVar(&flags.inPlace, "in-place", false, "write each file that changes back into its place, all of them or none")
	command.Flags().BoolVar(&flags.diff, "diff", false, "print what would change as a unified diff")
	command.Flags().BoolVar(&flags.check, "check", false, "list what would change, and end with exit code 2 if anything would")
	command.Flags().StringVarP(&flags.format, "output", "o", "text", "text, or json for the list of changes and findings")
	return command
}

// parse checks the flags against each other and gives the target.
func (f convertFlags) parse() (strimzi.Version, error) {
	version, err := parseVersion(f.to)
	switch {
	case err != nil:
		return version, err
	case len(f.files) == 0:
		return version, usage("-f is missing", "name the resources: -f kafka.yaml")
	case f.inPlace && slices.Contains(f.files, "-"):
		return version, usage("standard input cannot be converted in place", "name files or folders, or leave --in-place out")
	case f.inPlace && (f.diff || f.check):
		return version, usage("--in-place writes, and --diff and --check do not", "look first with --diff, then run it with --in-place")
	case f.diff && f.format == "json":
		return version, usage("--diff and -o json are two outputs", "choose one of them")
	}
	return version, checkFormat(f.format)
}

func (f convertFlags) run(ctx context.Context, s streams, p printer, to strimzi.Version) error {
	c := converting{flags: f, to: to, out: &spool{}}
	defer c.discard()
	source := inventory.Paths{Names: f.files, Stdin: s.in}
	if err := source.Each(ctx, func(name string, content io.Reader) error { return c.file(ctx, name, content) }); err != nil {
		return err
	}
	if err := c.findings.Err(); err != nil {
		p.findings(c.others())
		return err
	}
	if f.format == "json" {
		if err := c.closeJSON(); err != nil {
			return err
		}
	} else {
		p.findings(c.findings)
	}
	for _, file := range c.staged {
		if err := file.commit(); err != nil {
			return err
		}
	}
	if err := c.out.copyTo(s.out); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	p.printf("%s\n", c.summary())
	if f.check && c.changes > 0 {
		return errFindings
	}
	return nil
}

// converting is one run of the command, which collects all output until it is whole.
type converting struct {
	flags    convertFlags
	to       strimzi.Version
	out      *spool
	staged   []*stagedFile
	findings finding.List
	// files counts those that change, of those that were read.
	files, read               int
	objects, changed, changes int
	// last is the last byte that the result holds.
	last byte
}

// wanted tells whether a stream can hold resources: of folders and archives only YAML and
// JSON do, and .txt is the output of tools.
func (c *converting) wanted(name string) bool {
	if name == "stdin" || slices.ContainsFunc(c.flags.files, func(given string) bool { return path.Clean(given) == path.Clean(name) }) {
		return true
	}
	return strings.ToLower(path.Ext(name)) != ".txt"
}

// file converts one stream.
func (c *converting) file(ctx context.Context, name string, content io.Reader) error {
	if !c.wanted(name) {
		return nil
	}
	var in spool
	defer in.discard()
	if _, err := io.Copy(&in, content); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	reader, err := in.reader()
	if err != nil {
		return err
	}
	c.read++
	changes := c.changes
	editor, finish := c.editor(name)
	result, err := conversion.Convert(ctx, conversion.Source{Name: name, Content: reader, Size: in.size}, c.to, editor, c.change)
	if err != nil {
		return err
	}
	c.objects += result.Objects
	c.changed += result.Changed
	c.findings.Add(result.Findings...)
	if c.changes > changes {
		c.files++
	}
	return finish(c.changes > changes)
}

// editor gives what a file's text goes to, and what to do at its end.
func (c *converting) editor(name string) (conversion.Editor, func(changed bool) error) {
	done := func(bool) error { return nil }
	switch {
	case c.flags.inPlace:
		staged := &stagedFile{name: name}
		c.staged = append(c.staged, staged)
		return conversion.Text(&staged.text), staged.stage
	case c.flags.diff:
		diff := conversion.NewDiff(c.out, name)
		return diff, func(bool) error { return diff.Close() }
	case c.flags.check, c.flags.format == "json":
		return conversion.None(), done
	}
	return conversion.Text(&joint{converting: c, first: true}), done
}

// change counts a change, and prints it where changes are the result.
func (c *converting) change(change conversion.Change) error {
	c.changes++
	var err error
	switch {
	case c.flags.format == "json":
		err = c.writeJSON(change)
	case c.flags.check && !c.flags.diff:
		_, err = fmt.Fprintf(c.out, "%s:%d: %s: %s [%s]\n", change.File, change.Line, change.Object, change.Path, change.Rule)
	}
	return err
}

func (c *converting) others() finding.List {
	return slices.DeleteFunc(slices.Clone(c.findings), func(f finding.Finding) bool { return f.Severity == finding.Error })
}

func (c *converting) summary() string {
	verb := "would change"
	if c.flags.inPlace || !c.flags.diff && !c.flags.check && c.flags.format != "json" {
		verb = "changed"
	}
	return fmt.Sprintf("%d of %d Strimzi resources %s, in %d of %d files", c.changed, c.objects, verb, c.files, c.read)
}

func (c *converting) discard() {
	c.out.discard()
	for _, file := range c.staged {
		file.discard()
	}
}

// parseVersion reads amq-streams-1.8 or strimzi-0.24.
func parseVersion(text string) (strimzi.Version, error) {
	i := strings.LastIndex(text, "-")
	if i > 0 {
		if version, err := strimzi.LookupVersion(strimzi.Distribution(text[:i]), text[i+1:]); err == nil {
			return version, nil
		}
	}
	var known []string
	for _, version := range strimzi.Versions() {
		known = append(known, string(version.Distribution)+"-"+version.Name)
	}
	return strimzi.Version{}, usage(fmt.Sprintf("--to %q is unknown", text), "write one of "+strings.Join(known, ", "))
}
