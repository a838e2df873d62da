// Package plugin is cutover as an Argo CD config management plugin: it reads the parameters
// of an Application and gives the stream of one cluster, whole or not at all.
//
// It uses neither network nor clock nor cluster, since Argo CD keeps what it gives for a
// revision, errors too.
package plugin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cutover/generator/finding"
	"cutover/generator/plan"
)

// ParametersVariable holds the parameters of an Application as JSON. The variables PARAM_*
// beside it are not read: a.b and a-b are one name there.
const ParametersVariable = "ARGOCD_APP_PARAMETERS"

// Parameters are what an Application asks of the plugin.
type Parameters struct {
	// Cluster is the one to render.
	Cluster plan.Side
	// Phase renders as of a phase, such as 090; "" renders the phases reached.
	Phase string
}

// parameter is one entry of ARGOCD_APP_PARAMETERS.
type parameter struct {
	Name   string            `json:"name"`
	String *string           `json:"string"`
	Array  []string          `json:"array"`
	Map    map[string]string `json:"map"`
}

// ReadParameters reads ARGOCD_APP_PARAMETERS: a JSON list, the word null where the
// Application's plugin has no parameters, or "" where it has no plugin block.
func ReadParameters(text string) (Parameters, error) {
	var given []parameter
	var parameters Parameters
	if text = strings.TrimSpace(text); text != "" {
		if err := json.Unmarshal([]byte(text), &given); err != nil {
			return parameters, refuse(ParametersVariable+" is no JSON list of parameters", "let Argo CD set it, or write [{\"name\":\"cluster\",\"string\":\"target\"}]")
		}
	}
	fields := map[string]*string{"cluster": (*string)(&parameters.Cluster), "phase": &parameters.Phase}
	var seen []string
	for _, p := range given {
		field, known := fields[p.Name]
		switch {
		case !known:
			return Parameters{}, refuse(fmt.Sprintf("parameter %q is unknown", p.Name), "the parameters are cluster and phase")
		case slices.Contains(seen, p.Name):
			return Parameters{}, refuse(fmt.Sprintf("parameter %s is given twice", p.Name), "keep one")
		case p.String == nil || p.Array != nil || p.Map != nil:
			return Parameters{}, refuse(fmt.Sprintf("parameter %s is no text", p.Name), "give it under string, not under array or map")
		}
		seen = append(seen, p.Name)
		*field = *p.String
	}
	return parameters, parameters.check()
}

func (p Parameters) check() error {
	const hint = "set spec.source.plugin.parameters of the Application to name: cluster, string: source or target"
	switch {
	case p.Cluster == "":
		return refuse("parameter cluster is missing", hint)
	case !slices.Contains(plan.Sides(), p.Cluster):
		return refuse(fmt.Sprintf("parameter cluster is %q", p.Cluster), hint)
	}
	return nil
}

func refuse(message, hint string) error {
	return finding.Finding{Rule: "plugin-parameters", Severity: finding.Error, Message: message, Hint: hint}
}
