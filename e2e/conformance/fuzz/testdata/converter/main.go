// Command converter converts Strimzi objects for tests of another module, whose own
// dependencies the product must not have. It prints the conversion's rules, then answers
// each request of standard input; all of it in JSON, one value a line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"cutover/generator/document"
	"cutover/generator/finding"
	"cutover/generator/strimzi"
)

// request asks for one object, as YAML or JSON, to be converted for Strimzi releases.
type request struct {
	Text     string
	Releases []string
}

// answer is what came of it for one release.
type answer struct {
	// Objects are the results as YAML, the resource last; Lint has the findings about each.
	Objects []string
	Lint    []finding.List
	Changes []strimzi.Change
	// Refused are the reasons for which there are no objects.
	Refused finding.List
	// Again is what converting the result once more, under its old version, did beyond
	// changing that; "" if nothing.
	Again string
	// Modified tells that the conversion changed its input.
	Modified bool
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	if err := encoder.Encode(strimzi.Rules()); err != nil {
		return err
	}
	decoder := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<16))
	for out.Flush() == nil && decoder.More() {
		var asked request
		if err := decoder.Decode(&asked); err != nil {
			return err
		}
		answers, err := convertAll(asked)
		if err != nil {
			return fmt.Errorf("%w\n%s", err, asked.Text)
		}
		if err := encoder.Encode(answers); err != nil {
			return err
		}
	}
	return out.Flush()
}

func convertAll(asked request) ([]answer, error) {
	doc, err := read(asked.Text)
	if err != nil {
		return nil, err
	}
	before := document.Copy(doc.Root)
	var answers []answer
	for _, release := range asked.Releases {
		given, err := convert(doc, release)
		if err != nil {
			return nil, err
		}
		given.Modified = !reflect.DeepEqual(before, document.Copy(doc.Root))
		answers = append(answers, given)
	}
	return answers, nil
}

func convert(doc document.Document, release string) (answer, error) {
	to, err := version(release)
	if err != nil {
		return answer{}, err
	}
	conversion, refusal := strimzi.Convert(doc, to)
	if refusal != nil {
		refused := finding.From(refusal)
		if len(refused) == 0 {
			return answer{}, refusal
		}
		return answer{Refused: refused}, nil
	}
	result := answer{Changes: conversion.Changes}
	for _, object := range conversion.Objects {
		content, err := text(object)
		if err != nil {
			return answer{}, err
		}
		result.Objects = append(result.Objects, content)
		result.Lint = append(result.Lint, strimzi.Lint(object, to))
	}
	result.Again, err = again(result.Objects[len(result.Objects)-1], doc.APIVersion(), to)
	return result, err
}

// again converts a result as it reads after being written, under its old version.
func again(converted, old string, to strimzi.Version) (string, error) {
	doc, err := read(converted)
	if err != nil {
		return "", err
	}
	document.Child(doc.Root, "apiVersion").Value = old // in place, so that its quotes stay
	conversion, err := strimzi.Convert(doc, to)
	if err != nil {
		return err.Error(), nil
	}
	if len(conversion.Changes) > 1 || len(conversion.Objects) > 1 {
		return fmt.Sprintf("changes are %+v", conversion.Changes), nil
	}
	twice, err := text(conversion.Objects[0])
	if err == nil && twice != converted {
		return twice, nil
	}
	return "", err
}

func read(content string) (document.Document, error) {
	documents, err := document.Read("object.yaml", strings.NewReader(content), document.DefaultLimits())
	if err != nil {
		return document.Document{}, err
	}
	if len(documents) != 1 {
		return document.Document{}, fmt.Errorf("there are %d documents, want one", len(documents))
	}
	return documents[0], nil
}

func text(doc document.Document) (string, error) {
	var out strings.Builder
	err := document.Encode(&out, doc.Root)
	return out.String(), err
}

func version(release string) (strimzi.Version, error) {
	for _, version := range strimzi.Versions() {
		if version.Strimzi == release {
			return version, nil
		}
	}
	return strimzi.Version{}, fmt.Errorf("no target has Strimzi %s", release)
}
