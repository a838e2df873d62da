package dashboard

// The types of this file are Grafana's JSON, as far as it is used. Their fields stand in
// the order in which they are written.

type (
	board struct {
		Annotations   annotationList `json:"annotations"`
		Description   string         `json:"description"`
		Editable      bool           `json:"editable"`
		GraphTooltip  int            `json:"graphTooltip"`
		Links         []boardLink    `json:"links"`
		Panels        []any          `json:"panels"`
		Refresh       string         `json:"refresh"`
		SchemaVersion int            `json:"schemaVersion"`
		Tags          []string       `json:"tags"`
		Templating    templating     `json:"templating"`
		Time          timeRange      `json:"time"`
		Timepicker    struct{}       `json:"timepicker"`
		Timezone      string         `json:"timezone"`
		Title         string         `json:"title"`
		UID           string         `json:"uid"`
		Version       int            `json:"version"`
	}
	boardLink struct {
		AsDropdown  bool     `json:"asDropdown"`
		IncludeVars bool     `json:"includeVars"`
		KeepTime    bool     `json:"keepTime"`
		Tags        []string `json:"tags"`
		Title       string   `json:"title"`
		Type        string   `json:"type"`
	}
	timeRange struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	reference struct {
		Type string `json:"type"`
		UID  string `json:"uid"`
	}
	annotationList struct {
		List []annotation `json:"list"`
	}
	annotation struct {
		Datasource  reference `json:"datasource"`
		Enable      bool      `json:"enable"`
		Expr        string    `json:"expr"`
		IconColor   string    `json:"iconColor"`
		Name        string    `json:"name"`
		Step        string    `json:"step"`
		TextFormat  string    `json:"textFormat"`
		TitleFormat string    `json:"titleFormat"`
	}
	templating struct {
		List []templateVariable `json:"list"`
	}
	templateVariable struct {
		AllValue   string     `json:"allValue,omitempty"`
		Current    any        `json:"current"`
		Datasource *reference `json:"datasource,omitempty"`
		Definition string     `json:"definition,omitempty"`
		Hide       int        `json:"hide"`
		IncludeAll bool       `json:"includeAll"`
		Label      string     `json:"label"`
		Multi      bool       `json:"multi"`
		Name       string     `json:"name"`
		Options    []any      `json:"options"`
		Query      any        `json:"query"`
		Refresh    int        `json:"refresh"`
		Regex      string     `json:"regex"`
		Sort       int        `json:"sort,omitempty"`
		Type       string     `json:"type"`
	}
	variableQuery struct {
		Query string `json:"query"`
		RefID string `json:"refId"`
	}
	allChosen struct {
		Selected bool     `json:"selected"`
		Text     []string `json:"text"`
		Value    []string `json:"value"`
	}
)

type (
	rowPanel struct {
		Collapsed bool   `json:"collapsed"`
		GridPos   Grid   `json:"gridPos"`
		ID        int    `json:"id"`
		Panels    []any  `json:"panels"`
		Title     string `json:"title"`
		Type      string `json:"type"`
	}
	panelJSON struct {
		Datasource      reference        `json:"datasource"`
		Description     string           `json:"description"`
		FieldConfig     fieldConfig      `json:"fieldConfig"`
		GridPos         Grid             `json:"gridPos"`
		ID              int              `json:"id"`
		Options         any              `json:"options"`
		Targets         []target         `json:"targets"`
		Title           string           `json:"title"`
		Transformations []transformation `json:"transformations,omitempty"`
		Type            Kind             `json:"type"`
	}
	target struct {
		Datasource   reference `json:"datasource"`
		Expr         string    `json:"expr"`
		Format       string    `json:"format"`
		Instant      bool      `json:"instant"`
		LegendFormat string    `json:"legendFormat"`
		Range        bool      `json:"range"`
		RefID        string    `json:"refId"`
	}
	transformation struct {
		ID      string `json:"id"`
		Options any    `json:"options"`
	}
	fieldConfig struct {
		Defaults  fieldDefaults   `json:"defaults"`
		Overrides []fieldOverride `json:"overrides"`
	}
	fieldDefaults struct {
		Color      fieldColor `json:"color"`
		Custom     any        `json:"custom,omitempty"`
		Min        *float64   `json:"min,omitempty"`
		NoValue    string     `json:"noValue,omitempty"`
		Thresholds thresholds `json:"thresholds"`
		Unit       Unit       `json:"unit"`
	}
	fieldColor struct {
		Mode string `json:"mode"`
	}
	thresholds struct {
		Mode  string `json:"mode"`
		Steps []step `json:"steps"`
	}
	step struct {
		Color string `json:"color"`
		// Value is null on the first step, from which everything counts.
		Value *float64 `json:"value"`
	}
	fieldOverride struct {
		Matcher    matcher    `json:"matcher"`
		Properties []property `json:"properties"`
	}
	matcher struct {
		ID      string `json:"id"`
		Options string `json:"options"`
	}
	property struct {
		ID    string `json:"id"`
		Value any    `json:"value"`
	}
)

type (
	lineStyle struct {
		DrawStyle         string   `json:"drawStyle"`
		FillOpacity       int      `json:"fillOpacity"`
		LineInterpolation string   `json:"lineInterpolation"`
		LineWidth         int      `json:"lineWidth"`
		ShowPoints        string   `json:"showPoints"`
		SpanNulls         bool     `json:"spanNulls"`
		Stacking          stacking `json:"stacking"`
	}
	stacking struct {
		Group string `json:"group"`
		Mode  string `json:"mode"`
	}
	timeseriesOptions struct {
		Legend  legend  `json:"legend"`
		Tooltip tooltip `json:"tooltip"`
	}
	legend struct {
		Calcs       []string `json:"calcs"`
		DisplayMode string   `json:"displayMode"`
		Placement   string   `json:"placement"`
	}
	tooltip struct {
		Mode string `json:"mode"`
	}
	statOptions struct {
		ColorMode     string        `json:"colorMode"`
		GraphMode     string        `json:"graphMode"`
		JustifyMode   string        `json:"justifyMode"`
		Orientation   string        `json:"orientation"`
		ReduceOptions reduceOptions `json:"reduceOptions"`
		TextMode      string        `json:"textMode"`
	}
	reduceOptions struct {
		Calcs  []string `json:"calcs"`
		Fields string   `json:"fields"`
		Values bool     `json:"values"`
	}
	tableOptions struct {
		ShowHeader bool     `json:"showHeader"`
		SortBy     []sortBy `json:"sortBy"`
	}
	sortBy struct {
		Desc        bool   `json:"desc"`
		DisplayName string `json:"displayName"`
	}
	tableStyle struct {
		Align string `json:"align"`
	}
)

type (
	joinOptions struct {
		ByField string `json:"byField"`
	}
	organizeOptions struct {
		ExcludeByName map[string]bool   `json:"excludeByName"`
		IndexByName   map[string]int    `json:"indexByName"`
		RenameByName  map[string]string `json:"renameByName"`
	}
	calculateOptions struct {
		Alias  string       `json:"alias"`
		Binary binary       `json:"binary"`
		Mode   string       `json:"mode"`
		Reduce reduceSimple `json:"reduce"`
	}
	binary struct {
		Left     string `json:"left"`
		Operator string `json:"operator"`
		Reducer  string `json:"reducer"`
		Right    string `json:"right"`
	}
	reduceSimple struct {
		Reducer string `json:"reducer"`
	}
)
