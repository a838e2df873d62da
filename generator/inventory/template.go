package inventory

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// mention is a piece of text that a pod template hands to its containers.
type mention struct {
	where string // "env TOPIC of container app"
	key   string // the variable or the key of a ConfigMap; "" for arguments
	text  string
}

// secretUse is a Secret that a pod template hands to its containers.
type secretUse struct {
	how  string // "env PASSWORD of container app reads"
	name string
}

// references is everything a pod template hands to its containers, in its order.
type references struct {
	export    *export
	namespace string
	mentions  []mention
	secrets   []secretUse
}

// podSpec gives the pod spec of a workload.
func podSpec(d document.Document) *yaml.Node {
	if d.Kind() == "CronJob" {
		return document.At(d.Root, "spec", "jobTemplate", "spec", "template", "spec")
	}
	return document.At(d.Root, "spec", "template", "spec")
}

// referencesOf collects what a workload's pod template refers to: variables, arguments,
// and the contents of ConfigMaps that it reads or mounts.
func (e *export) referencesOf(d document.Document) references {
	r := references{export: e, namespace: d.Namespace()}
	spec := podSpec(d)
	for _, list := range []string{"initContainers", "containers"} {
		for _, container := range children(document.Child(spec, list)) {
			r.container(container)
		}
	}
	for _, volume := range children(document.Child(spec, "volumes")) {
		r.volume(volume)
	}
	return r
}

func (r *references) container(container *yaml.Node) {
	where := "container " + textAt(container, "name")
	for _, env := range children(document.Child(container, "env")) {
		r.variable(env, where)
	}
	for _, from := range children(document.Child(container, "envFrom")) {
		if name := textAt(from, "configMapRef", "name"); name != "" {
			r.configMap(name, "envFrom of "+where, textAt(from, "prefix"), nil)
		}
		if name := textAt(from, "secretRef", "name"); name != "" {
			r.secrets = append(r.secrets, secretUse{"envFrom of " + where + " reads", name})
		}
	}
	for _, list := range []string{"command", "args"} {
		for _, argument := range children(document.Child(container, list)) {
			text, _ := settingText(argument)
			r.mentions = append(r.mentions, mention{where: list + " of " + where, text: text})
		}
	}
}

func (r *references) variable(env *yaml.Node, where string) {
	name := textAt(env, "name")
	where = "env " + name + " of " + where
	if text, ok := settingText(document.Child(env, "value")); ok {
		r.mentions = append(r.mentions, mention{where, name, text})
	}
	if secret := textAt(env, "valueFrom", "secretKeyRef", "name"); secret != "" {
		r.secrets = append(r.secrets, secretUse{where + " reads", secret})
	}
	reference := document.At(env, "valueFrom", "configMapKeyRef")
	if text := r.data(textAt(reference, "name"))[textAt(reference, "key")]; text != "" {
		r.mentions = append(r.mentions, mention{where + ", from ConfigMap " + textAt(reference, "name") + ",", name, text})
	}
}

func (r *references) volume(volume *yaml.Node) {
	where := "volume " + textAt(volume, "name")
	sources := append([]*yaml.Node{volume}, children(document.At(volume, "projected", "sources"))...)
	for _, source := range sources {
		if name := textAt(source, "configMap", "name"); name != "" {
			r.configMap(name, where, "", children(document.At(source, "configMap", "items")))
		}
		for _, key := range []string{"secretName", "name"} {
			if name := textAt(source, "secret", key); name != "" {
				r.secrets = append(r.secrets, secretUse{where + " mounts", name})
			}
		}
	}
}

// configMap takes in a ConfigMap's contents: all of them, or the items of a volume.
func (r *references) configMap(name, where, prefix string, items []*yaml.Node) {
	data := r.data(name)
	keys := slices.Sorted(maps.Keys(data))
	if len(items) > 0 {
		keys = nil
		for _, item := range items {
			keys = append(keys, textAt(item, "key"))
		}
	}
	for _, key := range keys {
		r.mentions = append(r.mentions, mention{
			fmt.Sprintf("key %s of ConfigMap %s (%s)", key, name, where), prefix + key, data[key],
		})
	}
}

func (r *references) data(name string) map[string]string {
	if name == "" {
		return nil
	}
	d, ok := r.export.find("ConfigMap", r.namespace, name)
	if !ok {
		return nil
	}
	data, _ := settings(document.Child(d.Root, "data"))
	return data
}
