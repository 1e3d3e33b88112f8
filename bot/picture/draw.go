package picture

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-analyze/charts"
)

// The size of a picture, and of its letters: they are read on a phone, where a picture is
// some 350 points wide.
const (
	width, height = 900, 560
	titleSize     = 24
	textSize      = 18
	edge          = 24
)

// Painter draws charts. The zero Painter is ready; it may be used by several at a time.
type Painter struct{}

// Draw returns the chart as a PNG; ErrNothing where there is nothing to show. The same
// chart gives the same bytes.
func (Painter) Draw(c Chart) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: width, Height: height})
	p.FilledRect(0, 0, width, height, charts.ColorWhite, charts.ColorWhite, 0)
	below := p.Child(charts.PainterPaddingOption(charts.Box{Top: edge + titleSize + textSize/2}))
	var err error
	if c.Kind == Stack {
		err = below.BarChart(c.bars())
	} else {
		err = below.LineChart(c.lines())
	}
	if err != nil {
		return nil, fmt.Errorf("picture: draw %q: %w", c.Title, err)
	}
	p.Text(c.Title, edge, edge+titleSize, 0, charts.FontStyle{FontSize: titleSize, FontColor: ink}) // the library's own title touches the chart
	png, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("picture: draw %q: %w", c.Title, err)
	}
	return png, nil
}

func (c Chart) lines() charts.LineChartOption {
	o := charts.NewLineChartOptionWithData(c.values())
	o.Theme, o.Padding, o.Legend = c.theme(), charts.NewBoxEqual(edge), c.legend()
	o.XAxis = charts.XAxisOption{Labels: c.labels(), LabelCount: len(c.Labels), LabelFontStyle: letters()}
	o.YAxis = []charts.YAxisOption{c.amounts()}
	o.LineStrokeWidth = 4
	o.Symbol.Shape = charts.SymbolCircle
	return o
}

func (c Chart) bars() charts.BarChartOption {
	o := charts.NewBarChartOptionWithData(c.values())
	o.Theme, o.Padding, o.Legend = c.theme(), charts.NewBoxEqual(edge), c.legend()
	o.CategoryAxis = charts.CategoryAxisOption{Labels: c.labels(), LabelCount: len(c.Labels), LabelFontStyle: letters()}
	o.ValueAxis = []charts.ValueAxisOption{c.amounts()}
	o.StackSeries = new(true)
	o.BarSize = 0.7
	return o
}

// mostLabels is how many labels have room beside each other.
const mostLabels = 12

// labels leaves out every second label where there are too many; the last one stays.
func (c Chart) labels() []string {
	if len(c.Labels) <= mostLabels {
		return c.Labels
	}
	list := slices.Clone(c.Labels)
	for n := len(list) - 2; n >= 0; n -= 2 {
		list[n] = ""
	}
	return list
}

func (c Chart) values() [][]float64 {
	all := make([][]float64, len(c.Series))
	for n, s := range c.Series {
		for _, v := range s.Values {
			if math.IsNaN(v) {
				v = charts.GetNullValue()
			}
			all[n] = append(all[n], v)
		}
	}
	return all
}

// amounts is the axis of values, in round steps. It takes 0 in, for a line that is cut off
// above it would make little look like much.
func (c Chart) amounts() charts.ValueAxisOption {
	low, high := c.span()
	step := roundStep(high - low)
	first, last := math.Floor(low/step), math.Ceil(high/step)
	return charts.ValueAxisOption{
		LabelFontStyle: letters(), ValueFormatter: short, SplitLineShow: new(true),
		Min: new(first * step), Max: new(last * step), LabelCount: int(last-first) + 1,
		RangeValuePaddingScale: new(0.0),
	}
}

// span are the lowest and the highest value that are drawn, 0 among them.
func (c Chart) span() (low, high float64) {
	for n := range c.Labels {
		up, down := 0.0, 0.0
		for _, s := range c.Series {
			v := s.Values[n]
			switch {
			case math.IsNaN(v):
			case c.Kind == Lines:
				up, down = max(up, v), min(down, v)
			case v > 0:
				up += v
			default:
				down += v
			}
		}
		low, high = min(low, down), max(high, up)
	}
	if low == high {
		high = 1
	}
	return low, high
}

// roundStep is a round number of which five or so make up a span.
func roundStep(span float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(span/mostSteps)))
	for _, times := range []float64{1, 2, 2.5, 5} {
		if span/(times*unit) <= mostSteps {
			return times * unit
		}
	}
	return 10 * unit
}

// mostSteps is how many steps an axis has at most, or one more on each side of 0.
const mostSteps = 6

func (c Chart) legend() charts.LegendOption {
	o := charts.LegendOption{FontStyle: letters(), Offset: charts.OffsetStr{Left: charts.PositionCenter, Top: charts.PositionBottom}, Symbol: charts.SymbolSquare}
	for _, s := range c.Series {
		o.SeriesNames = append(o.SeriesNames, s.Name)
	}
	return o
}

func letters() charts.FontStyle { return charts.FontStyle{FontSize: textSize} }

// tones are the colours: green to red for parts, which also differ in lightness, for who
// does not tell green from red.
var tones = map[Tone]charts.Color{
	Main: charts.ColorRGB(0x1b, 0x4f, 0x8a), Goal: charts.ColorRGB(0x2e, 0x9e, 0x6b),
	Good: charts.ColorRGB(0x2e, 0x9e, 0x6b), Fair: charts.ColorRGB(0xf2, 0xd0, 0x5c), Poor: charts.ColorRGB(0xf0, 0x9a, 0x3e),
	Worse: charts.ColorRGB(0xd9, 0x5b, 0x2b), Bad: charts.ColorRGB(0x9c, 0x1c, 0x28), Credit: charts.ColorRGB(0x8a, 0x93, 0xa3),
}

var ink = charts.ColorRGB(0x2b, 0x2f, 0x36)

func (c Chart) theme() charts.ColorPalette {
	o := charts.ThemeOption{
		BackgroundColor: charts.ColorWhite, TextColor: ink,
		AxisStrokeColor: charts.ColorRGB(0xb8, 0xbd, 0xc6), AxisSplitLineColor: charts.ColorRGB(0xe6, 0xe8, 0xec),
	}
	for _, s := range c.Series {
		o.SeriesColors = append(o.SeriesColors, tones[s.Tone])
	}
	return charts.MakeTheme(o)
}

// short writes a number for an axis: "1.2M", "350k", "42".
func short(v float64) string {
	for _, unit := range []struct {
		of   float64
		name string
	}{{1e9, "bn"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= unit.of {
			return strings.TrimSuffix(strconv.FormatFloat(v/unit.of, 'f', 1, 64), ".0") + unit.name
		}
	}
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
