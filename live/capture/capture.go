// Package capture reads the source from its running clusters: its objects from the
// Kubernetes API, and from the brokers what only they know. It changes nothing, takes what
// it may see, and says what it may not.
package capture

import (
	"slices"
	"strings"

	"cutover/generator/inventory"
)

// unseen collects what a cluster does not show: things for the same reason, with the same
// consequence, are told together.
type unseen struct{ all []inventory.Unseen }

func (u *unseen) add(what string, how inventory.Unseen) {
	i := slices.IndexFunc(u.all, func(other inventory.Unseen) bool {
		return other.Because == how.Because && slices.Equal(other.Gates, how.Gates)
	})
	if i < 0 {
		how.What = what
		u.all = append(u.all, how)
		return
	}
	u.all[i].What += ", " + what
}

// few gives the names of a list, and no more than a reader wants to see.
func few(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + ", …"
}
