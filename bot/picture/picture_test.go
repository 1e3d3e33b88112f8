package picture_test

import (
	"bytes"
	"errors"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"arbot/bot/picture"
)

func dso() picture.Chart {
	return picture.Chart{
		Title:  "DSO against best possible, days (USD, simple)",
		Labels: []string{"Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"},
		Series: []picture.Series{
			{Name: "DSO", Tone: picture.Main, Values: []float64{picture.Missing(), 44, 46.5, 45, 47, 49, 48.2, 46, 44.9, 47.3, 51}},
			{Name: "Best possible", Tone: picture.Goal, Values: []float64{picture.Missing(), 30, 31, 30.2, 29, 30, 31, 30, 29.5, 30.1, 30}},
		},
	}
}

func aging() picture.Chart {
	return picture.Chart{
		Kind: picture.Stack, Title: "A/R by age at each week's end (USD)", Labels: []string{"1 Nov", "8 Nov", "15 Nov", "22 Nov"},
		Series: []picture.Series{
			{Name: "Current", Tone: picture.Good, Values: []float64{800e3, 820e3, 790e3, 805e3}},
			{Name: "1-30", Tone: picture.Fair, Values: []float64{200e3, 210e3, 190e3, 220e3}},
			{Name: "91+", Tone: picture.Bad, Values: []float64{20e3, 22e3, 25e3, 25e3}},
			{Name: "Unapplied", Tone: picture.Credit, Values: []float64{-5e3, -9e3, 0, -12e3}},
		},
	}
}

// A picture is a PNG of its size, the same each time, and with a colour for each series.
func TestDraw(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]picture.Chart{"lines": dso(), "stack": aging()} {
		drawn, err := (picture.Painter{}).Draw(c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if dir := os.Getenv("ARBOT_SCREENS_OF_PICTURES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".png"), drawn, 0o600); err != nil { //nolint:gosec // who runs the test names the folder, to look at the pictures
				t.Fatal(err)
			}
		}
		image, err := png.Decode(bytes.NewReader(drawn))
		if err != nil || image.Bounds().Dx() != 900 || image.Bounds().Dy() != 560 {
			t.Fatalf("%s: %v, %v", name, err, image.Bounds())
		}
		colours := map[[3]uint32]int{}
		for x := range image.Bounds().Dx() {
			for y := range image.Bounds().Dy() {
				r, g, b, _ := image.At(x, y).RGBA()
				colours[[3]uint32{r >> 8, g >> 8, b >> 8}]++
			}
		}
		for _, want := range map[string][][3]uint32{
			"lines": {{0x1b, 0x4f, 0x8a}, {0x2e, 0x9e, 0x6b}}, "stack": {{0x2e, 0x9e, 0x6b}, {0xf2, 0xd0, 0x5c}, {0x9c, 0x1c, 0x28}, {0x8a, 0x93, 0xa3}},
		}[name] {
			if colours[want] < 100 {
				t.Errorf("%s: colour %x is on %d points", name, want, colours[want])
			}
		}
		again, err := (picture.Painter{}).Draw(c)
		if err != nil || !bytes.Equal(drawn, again) {
			t.Errorf("%s: the same chart gives other bytes (%v)", name, err)
		}
	}
}

// What would come out empty or wrong is refused, since nobody would see that it is.
func TestNothingToDraw(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*picture.Chart){
		"no series": func(c *picture.Chart) { c.Series = nil },
		"one point": func(c *picture.Chart) { c.Labels = c.Labels[:1]; c.Series = []picture.Series{{Values: []float64{1}}} },
		"no value": func(c *picture.Chart) {
			c.Labels = c.Labels[:2]
			c.Series = []picture.Series{{Values: []float64{picture.Missing(), picture.Missing()}}}
		},
		"no number":  func(c *picture.Chart) { c.Series[0].Values[3] = math.Inf(1) },
		"one short":  func(c *picture.Chart) { c.Series[0].Values = c.Series[0].Values[1:] },
		"no labels":  func(c *picture.Chart) { c.Labels, c.Series = nil, nil },
		"only zeros": func(c *picture.Chart) { c.Series = c.Series[:0] },
	} {
		c := dso()
		spoil(&c)
		if png, err := (picture.Painter{}).Draw(c); err == nil || png != nil {
			t.Errorf("%s: drawn (%v)", name, err)
		} else if name == "no series" && !errors.Is(err, picture.ErrNothing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
