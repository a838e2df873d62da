package inventory

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// passedOver tells of Secrets that belong to a namespace rather than to an application,
// and of the releases that Helm keeps as Secrets.
func passedOver(d document.Document) bool {
	if d.Kind() != "Secret" {
		return false
	}
	switch secretType := textAt(d.Root, "type"); secretType {
	case "kubernetes.io/service-account-token", "kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson", "bootstrap.kubernetes.io/token":
		return true
	default:
		return strings.HasPrefix(secretType, "helm.sh/")
	}
}

// secretValues gives a Secret's values, and the keys whose text is no base64. They must
// not reach any output.
func secretValues(d document.Document) (values map[string][]byte, malformed []string) {
	values = make(map[string][]byte)
	data, _ := settings(document.Child(d.Root, "data"))
	for key, text := range data {
		value, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			malformed = append(malformed, key)
			continue
		}
		values[key] = value
	}
	plain, _ := settings(document.Child(d.Root, "stringData"))
	for key, text := range plain {
		values[key] = []byte(text)
	}
	slices.Sort(malformed)
	return values, malformed
}

// secrets gives the shapes of the Secrets in a set, as far as the export has them.
func (a *assembly) secrets(ctx context.Context, relevant map[identity]bool) ([]Secret, error) {
	byPlace := make(map[identity]*Secret)
	var work []digestTask
	for _, id := range slices.SortedFunc(maps.Keys(relevant), identity.compare) {
		d, ok := a.find("Secret", id.namespace, id.name)
		if !ok || byPlace[identityOf(d)] != nil {
			continue
		}
		secret := &Secret{Name: d.Name(), Namespace: cmp.Or(d.Namespace(), id.namespace), Type: cmp.Or(textAt(d.Root, "type"), "Opaque")}
		byPlace[identityOf(d)] = secret
		values, malformed := secretValues(d)
		if len(malformed) > 0 {
			a.findings.Add(d.Finding("secret-not-base64", "the value of key "+strings.Join(malformed, ", ")+" is no base64",
				"export the Secret again with oc get secret -o yaml", "data"))
		}
		secret.Keys = make([]SecretKey, 0, len(values))
		for _, key := range slices.Sorted(maps.Keys(values)) {
			secret.Keys = append(secret.Keys, SecretKey{Name: key})
		}
		for i := range secret.Keys {
			work = append(work, digestTask{secret: secret, key: i, value: values[secret.Keys[i].Name]})
		}
	}
	if err := digestAll(ctx, work); err != nil {
		return nil, err
	}
	var all []Secret
	for _, secret := range byPlace {
		all = append(all, *secret)
	}
	slices.SortFunc(all, func(x, y Secret) int {
		return cmp.Or(cmp.Compare(x.Namespace, y.Namespace), cmp.Compare(x.Name, y.Name))
	})
	return all, nil
}

// relevantSecrets collects the Secrets that the migration has to bring or replace: those
// of the users, of the certificate authorities, and those that the Kafka resource, the
// Connect clusters and the workloads refer to.
func (a *assembly) relevantSecrets(inventory Inventory, used map[identity]bool) map[identity]bool {
	relevant := maps.Clone(used)
	add := func(namespace, name string) {
		if name != "" {
			relevant[identity{"Secret", namespace, name}] = true
		}
	}
	for _, user := range inventory.Users {
		add(a.usersIn, user.Secret)
	}
	for _, name := range authoritySecrets(a.cluster) {
		add(a.namespace, name)
	}
	objects := []document.Document{a.root}
	for _, connect := range inventory.Connects {
		if d, ok := a.find(connect.Kind, connect.Namespace, connect.Name); ok {
			objects = append(objects, d)
		}
	}
	for _, d := range objects {
		walk(document.Child(d.Root, "spec"), func(key string, value *yaml.Node) {
			switch key {
			case "secretName":
				add(cmp.Or(d.Namespace(), a.namespace), document.Text(value))
			case "secretKeyRef":
				add(cmp.Or(d.Namespace(), a.namespace), textAt(value, "name"))
			}
		})
	}
	return relevant
}

// authoritySecrets names the Secrets of a cluster's two certificate authorities.
func authoritySecrets(cluster string) []string {
	var names []string
	for _, suffix := range []string{"cluster-ca", "cluster-ca-cert", "clients-ca", "clients-ca-cert"} {
		names = append(names, fmt.Sprintf("%s-%s", cluster, suffix))
	}
	return names
}
