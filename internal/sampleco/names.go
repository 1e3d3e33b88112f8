package sampleco

var firstWords = []string{
	"Alder", "Anchor", "Ashgrove", "Bayside", "Birchwood", "Bluestone", "Bramble", "Brasswick", "Brookfield",
	"Candlewood", "Clearwater", "Cobble", "Cranberry", "Driftwood", "Dunmore", "Eastlake", "Elmhurst", "Fairhaven",
	"Foxglove", "Gable", "Glenmoor", "Granite", "Greenbriar", "Hazelton", "Heron", "Hickory", "Hollow Oak",
	"Ironbridge", "Juneberry", "Kestrel", "Kingfisher", "Lakemont", "Larkspur", "Lantern", "Millbrook", "Moss & Fern",
	"Nettle", "Oakhaven", "Osprey", "Pebble", "Pinecrest", "Quarry", "Redwing", "Rosemont", "Sandpiper",
	"Silverleaf", "Stonegate", "Summit", "Thistle", "Timberline", "Upland", "Valleyview", "Wexley", "Willow",
	"Windmill", "Yarrow", "Zinnia",
}

var trades = []string{
	"Hardware", "Garden Center", "Outfitters", "Builders", "Kitchens", "Inn", "Marina", "Provisions", "Roofing",
	"Landscaping", "Mercantile", "Millwork", "Nursery", "Paint & Tile", "Bistro", "Lumber", "Plumbing", "Home Goods",
	"Construction", "Boatworks", "Lodge", "Cabinetry", "Flooring",
}

var towns = []string{
	"of Ashby", "of Brill", "of Corwen", "of Dunkirk Falls", "of East Marlow", "of Fernley", "of Galt", "of Harwick",
	"of Ives", "of Jarrow", "of Kell", "of Lower Tarn", "of Marsh End", "of Norrland", "of Old Quay", "of Penrith Mills",
	"of Quill", "of Ravens Point", "of Selby Cross", "of Torrey", "of Upper Vale", "of Wick Harbor", "of York Landing",
}

// madeUpName returns the nth name; the first thirty thousand are all
// different, and neighbours have nothing in common. Past that they repeat, as
// names do.
func madeUpName(n int) string {
	pairs := len(firstWords) * len(trades)
	// 57 and 23 share no factor, and 523 is a prime that divides neither, so
	// that the walk visits every pair once.
	pair := n * 523 % pairs
	name := firstWords[pair%len(firstWords)] + " " + trades[pair/len(firstWords)]
	if lap := n / pairs; lap > 0 {
		name += " " + towns[(lap-1)%len(towns)]
	}
	return name
}
