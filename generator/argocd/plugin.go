package argocd

import (
	"bytes"
	_ "embed"
)

//go:embed plugin.yaml
var pluginYAML []byte

// PluginName is the name by which an Application asks for the plugin.
const PluginName = "cutover"

// PluginYAML is the plugin's own declaration, which Argo CD's sidecar expects at
// /home/argocd/cmp-server/config/plugin.yaml.
func PluginYAML() []byte { return bytes.Clone(pluginYAML) }
