package file

// The files of a bundle.
const (
	customersFile    = "customers.csv"
	documentsFile    = "documents.csv"
	applicationsFile = "applications.csv"
	totalsFile       = "totals.csv"
	aboutFile        = "bundle.csv"
)

// The columns of customers.csv, as places in customerColumns.
const (
	customerExternal = iota
	customerName
	customerNumber
	customerParent
	customerAliases
	customerTerms
	customerClass
	customerRegion
	customerSegment
	customerOwner
	customerCollector
	customerInactive
)

var customerColumns = []column{
	customerExternal:  {"external", true},
	customerName:      {"name", true},
	customerNumber:    {"number", false},
	customerParent:    {"parent", false},
	customerAliases:   {"aliases", false},
	customerTerms:     {"terms", false},
	customerClass:     {"class", false},
	customerRegion:    {"region", false},
	customerSegment:   {"segment", false},
	customerOwner:     {"owner", false},
	customerCollector: {"collector", false},
	customerInactive:  {"inactive", false},
}

// The columns of documents.csv.
const (
	documentKind = iota
	documentExternal
	documentNumber
	documentCustomer
	documentAmount
	documentCurrency
	documentDate
	documentDue
	documentTerms
	documentStatus
	documentPO
	documentMemo
	documentURL
)

var documentColumns = []column{
	documentKind:     {"kind", true},
	documentExternal: {"external", true},
	documentNumber:   {"number", false},
	documentCustomer: {"customer", true},
	documentAmount:   {"amount", true},
	documentCurrency: {"currency", true},
	documentDate:     {"date", true},
	documentDue:      {"due", false},
	documentTerms:    {"terms", false},
	documentStatus:   {"status", false},
	documentPO:       {"po", false},
	documentMemo:     {"memo", false},
	documentURL:      {"url", false},
}

// The columns of applications.csv.
const (
	applicationExternal = iota
	applicationFromKind
	applicationFrom
	applicationToKind
	applicationTo
	applicationKind
	applicationAmount
	applicationCurrency
	applicationDate
	applicationInferred
)

var applicationColumns = []column{
	applicationExternal: {"external", true},
	applicationFromKind: {"from_kind", false},
	applicationFrom:     {"from", false},
	applicationToKind:   {"to_kind", false},
	applicationTo:       {"to", true},
	applicationKind:     {"kind", true},
	applicationAmount:   {"amount", true},
	applicationCurrency: {"currency", true},
	applicationDate:     {"date", true},
	applicationInferred: {"inferred", false},
}

// The columns of totals.csv.
const (
	totalAsOf = iota
	totalCurrency
	totalTotal
)

var totalColumns = []column{
	totalAsOf:     {"as_of", true},
	totalCurrency: {"currency", true},
	totalTotal:    {"total", true},
}

// The columns of bundle.csv.
const (
	aboutExternal = iota
	aboutName
	aboutHome
	aboutExported
)

var aboutColumns = []column{
	aboutExternal: {"external", true},
	aboutName:     {"name", false},
	aboutHome:     {"home", false},
	aboutExported: {"exported", false},
}

// bundleLayout is how all files of a bundle are written.
func bundleLayout(columns []column) layout {
	return layout{delimiter: ',', columns: columns, strict: true}
}
