package dashboard

// Grid is a panel's place, in units of Grafana's grid.
type Grid struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// gridWidth is the width of Grafana's grid.
const gridWidth = 24

// flow places panels from left to right and from top to bottom. What stands side by side
// begins at the same height; the next line begins below the tallest.
type flow struct{ x, y, tallest int }

// heading gives the place of a row's heading, which has a line of its own.
func (f *flow) heading() Grid {
	f.wrap()
	place := Grid{H: 1, W: gridWidth, X: 0, Y: f.y}
	f.y++
	return place
}

// place gives the next panel its place.
func (f *flow) place(panel Panel) Grid {
	width, height := panel.size()
	if f.x+width > gridWidth {
		f.wrap()
	}
	place := Grid{H: height, W: width, X: f.x, Y: f.y}
	f.x += width
	f.tallest = max(f.tallest, height)
	return place
}

func (f *flow) wrap() {
	f.x, f.y, f.tallest = 0, f.y+f.tallest, 0
}

// size gives the panel's width and height, or what is usual for its kind.
func (p Panel) size() (width, height int) {
	usual := map[Kind][2]int{Timeseries: {12, 8}, Stat: {4, 4}, Table: {24, 10}}[p.Kind]
	width, height = p.Width, p.Height
	if width == 0 {
		width = usual[0]
	}
	if height == 0 {
		height = usual[1]
	}
	return min(width, gridWidth), height
}
