package inventory

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"cutover/generator/document"
)

// credentials knows which Secrets let their reader into the cluster.
type credentials struct {
	export    *export
	namespace string            // that of the users' Secrets
	users     map[string]string // users by their Secret's name
	names     map[string]bool   // the users
	// copies knows users by a value of theirs, under which a Secret in another namespace,
	// or of another name, is recognised. Values stay in memory.
	copies map[credential]string
	home   string // the namespace of the authorities' Secrets
	ca     string // the Secret with the cluster's certificate authority
	cert   string // its certificate
}

// credential is a key of a Secret and its value.
type credential struct{ key, value string }

// shortest is the length below which equal values say nothing.
const shortest = 8

func (a *assembly) credentials(users []User) credentials {
	c := credentials{
		export: a.export, namespace: a.usersIn, home: a.namespace, ca: a.cluster + "-cluster-ca-cert",
		users: make(map[string]string), names: make(map[string]bool), copies: make(map[credential]string),
	}
	for _, user := range users {
		c.names[user.Name] = true
		if user.Secret == "" {
			continue
		}
		c.users[user.Secret] = user.Name
		for key, value := range c.values(c.namespace, user.Secret) {
			known := credential{key, value}
			if _, shared := c.copies[known]; shared {
				c.copies[known] = "" // a value that two users share tells neither
			} else if proves(key, value) {
				c.copies[known] = user.Name
			}
		}
	}
	c.cert = c.values(c.home, c.ca)["ca.crt"]
	return c
}

// proves tells whether a value can be no one else's.
func proves(key, value string) bool {
	return len(value) >= shortest && slices.Contains([]string{"password", "user.crt", "user.key"}, key)
}

func (c credentials) values(namespace, name string) map[string]string {
	d, ok := c.export.find("Secret", namespace, name)
	if !ok {
		return nil
	}
	raw, _ := secretValues(d)
	values := make(map[string]string, len(raw))
	for key, value := range raw {
		values[key] = string(value)
	}
	return values
}

// owner gives the KafkaUser whose credentials a Secret holds, or "".
func (c credentials) owner(namespace, name string) string {
	if together(namespace, c.namespace) {
		if user, ok := c.users[name]; ok {
			return user
		}
	}
	values := c.values(namespace, name)
	for _, key := range unique([]string{"password", "user.crt", "user.key"}) {
		if user := c.copies[credential{key, values[key]}]; user != "" {
			return user
		}
	}
	return ""
}

// authority tells whether a Secret holds the certificate of the cluster's authority.
func (c credentials) authority(namespace, name string) bool {
	if together(namespace, c.home) && name == c.ca {
		return true
	}
	return c.cert != "" && c.values(namespace, name)["ca.crt"] == c.cert && c.owner(namespace, name) == ""
}

// authenticated gives the KafkaUser of an authentication mapping of a Connect or
// MirrorMaker resource.
func (c credentials) authenticated(node *yaml.Node, namespace string) string {
	if name := textAt(node, "username"); name != "" {
		return name
	}
	for _, reference := range []string{"certificateAndKey", "passwordSecret"} {
		if secret := textAt(document.Child(node, reference), "secretName"); secret != "" {
			if user := c.owner(namespace, secret); user != "" {
				return user
			}
		}
	}
	return ""
}
