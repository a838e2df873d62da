// Package overlays embeds the phase templates: one folder a phase, each with a Kustomize
// component and the gate that must hold before it.
package overlays

import "embed"

// FS holds the templates, text/template with sprig's functions. Files whose names begin
// with an underscore hold definitions that the others use.
//
//go:embed all:*
var FS embed.FS
