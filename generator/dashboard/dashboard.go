// Package dashboard holds the Grafana dashboards of a migration as Go values, and writes
// them as the JSON that Grafana reads. Panels are of the kinds timeseries, stat and table
// only, whose form has been stable since Grafana 8; a datasource is referred to by uid, as
// Grafana does since 8.3. Nothing depends on time or order of maps: the same value gives
// the same bytes.
package dashboard

// A Dashboard is one page of Grafana.
type Dashboard struct {
	// Name is the file's name without its ending and, after "cutover-", the dashboard's uid.
	Name string
	// Title stands above the dashboard and in Grafana's list.
	Title string
	// Description says what the dashboard is for.
	Description string
	// Variables are what its queries are held to, in the order in which they depend on each
	// other.
	Variables []Variable
	// Annotations mark moments in every panel.
	Annotations []Annotation
	// Rows follow each other from top to bottom.
	Rows []Row
}

// A Row is a heading and the panels under it.
type Row struct {
	// Title is the heading.
	Title string
	// Panels stand from left to right, and go on below where the width is used up.
	Panels []Panel
}

// Kind is the kind of a panel, as Grafana calls it.
type Kind string

// The kinds that are used.
const (
	Timeseries Kind = "timeseries"
	Stat       Kind = "stat"
	Table      Kind = "table"
)

// Unit is a unit as Grafana names it.
type Unit string

// The units that are used. All of them are known to Grafana 8.
const (
	None         Unit = "none"
	Count        Unit = "short"
	PerSecond    Unit = "cps"
	Requests     Unit = "reqps"
	Bytes        Unit = "bytes"
	BytesPerSec  Unit = "Bps"
	Milliseconds Unit = "ms"
	Seconds      Unit = "s"
	// Percent counts from 0 to 100, Share from 0 to 1.
	Percent Unit = "percent"
	Share   Unit = "percentunit"
	// Moment is a time in milliseconds since 1970.
	Moment Unit = "dateTimeAsIso"
)

// A Panel shows one thing.
type Panel struct {
	// Title names what is shown.
	Title string
	// Description says what it means, and where it may mislead.
	Description string
	// Kind is how it is shown.
	Kind Kind
	// Width and Height are its size on Grafana's grid, which is 24 wide. Zero means what is
	// usual for its kind.
	Width, Height int
	// Datasource is the name of the variable that holds the datasource of all targets that
	// name none.
	Datasource string
	// Unit is that of the axis, or of every number.
	Unit Unit
	// Alarm paints a stat red from this value on, and green below it, where it is not nil.
	Alarm *float64
	// Targets are the queries.
	Targets []Target
	// Key is the label by which a table joins its queries, one row for each of its values.
	Key string
	// Differences are columns of a table that are computed from two others.
	Differences []Difference
}

// A Target is one query.
type Target struct {
	// Expr is the query in PromQL.
	Expr string
	// Legend names the series; {{label}} is replaced by Grafana. In a table it is the column's
	// heading.
	Legend string
	// Unit is that of the column in a table, where it is not the panel's.
	Unit Unit
	// Datasource is the name of the variable that holds the datasource, where it is not the
	// panel's.
	Datasource string
}

// A Difference is the column Left minus the column Right, by their headings' queries.
type Difference struct {
	// Title is the column's heading.
	Title string
	// Left and Right are positions in Targets.
	Left, Right int
}

// A Variable is chosen at the top of the dashboard.
type Variable struct {
	// Name is what queries call it, after a dollar sign.
	Name string
	// Label stands before the choice.
	Label string
	// Query is a query in PromQL whose series carry the choices as values of the label Values;
	// empty for the choice of a Prometheus datasource.
	Query, Values string
	// Datasource is the name of the variable that holds the query's datasource.
	Datasource string
	// All lets several values, or all, be chosen.
	All bool
}

// An Annotation marks the moments at which a query has series.
type Annotation struct {
	// Name is what the annotation is called, and switched on and off by.
	Name string
	// Text is shown at the mark; {{label}} is replaced by Grafana.
	Text string
	// Expr is the query in PromQL.
	Expr string
	// Color is a name of one of Grafana's colors.
	Color string
	// Datasource is the name of the variable that holds the query's datasource.
	Datasource string
}

// All gives every dashboard, in the order in which they are listed.
func All() []Dashboard {
	return []Dashboard{
		migration(), kafka(), zooKeeper(), groups(), mirror(), cruiseControl(), operators(),
	}
}
