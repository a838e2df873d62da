// Package charts holds the Helm charts of a migration. They are embedded in the binary,
// and written into every repository that is generated, byte for byte as they stand here;
// plain helm renders them as well.
package charts

import "embed"

// FS holds the charts, one folder each, with every file of a chart, also those whose
// names start with a dot or an underscore. Tests and this package's own files are not in
// it.
//
//go:embed all:gates all:kafka all:mirror-maker2 all:monitoring all:operator
//go:embed all:sample-apps all:topics all:users all:workloads
var FS embed.FS
