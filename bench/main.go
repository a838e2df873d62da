// Command bench measures what a migration of many topics costs: cutover generate and
// render, beside helm template of the topics release and kustomize build of the target.
// It fails when a program fails or its output is not whole, and never for being slow.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

// options are the command's flags.
type options struct {
	cutover, helm, kustomize string
	sizes, kustomizeSizes    []int
	runs                     int
	json, write              string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "cutover-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // a folder of our own, and nothing to do about it
	report := report{Machine: machine(o)}
	for _, size := range sorted(o.sizes, o.kustomizeSizes) {
		row, err := o.measure(ctx, filepath.Join(scratch, strconv.Itoa(size)), size)
		if err != nil {
			return fmt.Errorf("%d topics: %w", size, err)
		}
		report.Rows = append(report.Rows, row)
	}
	return report.publish(o)
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.cutover, "cutover", "cutover", "the cutover binary")
	flags.StringVar(&o.helm, "helm", "helm", "the helm binary")
	flags.StringVar(&o.kustomize, "kustomize", "kustomize", "the kustomize binary")
	sizes := flags.String("sizes", "1000,5000,20000", "numbers of topics for generate, render and helm template")
	kustomizeSizes := flags.String("kustomize-sizes", "1000,2000,4000", "numbers of topics for kustomize build as well; none where empty")
	flags.IntVar(&o.runs, "runs", 3, "runs of each; kustomize build of 4,000 topics and more runs once")
	flags.StringVar(&o.json, "json", "", "file to write the results to as JSON")
	flags.StringVar(&o.write, "write", "", "file to write the results to as a page, such as docs/benchmark.md")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 || o.runs < 1 {
		return o, errors.New("no arguments but flags, and at least one run: see -help")
	}
	var err error
	if o.sizes, err = numbers(*sizes); err != nil {
		return o, err
	}
	o.kustomizeSizes, err = numbers(*kustomizeSizes)
	return o, err
}

// numbers reads a list such as 1000,5000. A size is at least 10, which gives one user.
func numbers(list string) ([]int, error) {
	if list == "" {
		return nil, nil
	}
	var result []int
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 10 {
			return nil, fmt.Errorf("%q is no number of topics: write numbers from 10 on, such as 1000,5000", text)
		}
		result = append(result, n)
	}
	return result, nil
}
