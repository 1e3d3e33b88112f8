package sampleco

import (
	"slices"

	"arbot/ar"
)

// Person is somebody of the staff.
type Person struct {
	Name string
	// Email is lower case; the ledger names sales owners and collectors by it.
	Email string
	Role  ar.Role
	// Region is the part of the market that a rep looks after; "" for others.
	Region string
}

const (
	northeast = "Northeast"
	midwest   = "Midwest"
	south     = "South"
	west      = "West"
	europe    = "Europe"
)

var staff = []Person{
	{"Maya Torres", "maya.torres@example.com", ar.Rep, northeast},
	{"Ben Okafor", "ben.okafor@example.com", ar.Rep, midwest},
	{"Luisa Carranza", "luisa.carranza@example.com", ar.Rep, south},
	{"Theo Lindgren", "theo.lindgren@example.com", ar.Rep, west},
	{"Priya Raman", "priya.raman@example.com", ar.Rep, west},
	{"Ingrid Sørensen", "ingrid.sorensen@example.com", ar.Rep, europe},
	{"Nora Feldt", "nora.feldt@example.com", ar.ARClerk, ""},
	{"Sam Abiodun", "sam.abiodun@example.com", ar.ARClerk, ""},
	{"Kei Matsuda", "kei.matsuda@example.com", ar.ARClerk, ""},
	{"Grace Halloran", "grace.halloran@example.com", ar.Manager, ""},
	{"Jonas Pell", "jonas.pell@example.com", ar.Admin, ""},
}

// People returns the staff: six reps, three people in AR, a manager and an
// admin.
func (c *Company) People() []Person { return slices.Clone(staff) }

// repsOf returns the e-mail addresses of the reps of a region.
func repsOf(region string) []string {
	var emails []string
	for _, p := range staff {
		if p.Role == ar.Rep && p.Region == region {
			emails = append(emails, p.Email)
		}
	}
	return emails
}

// collectors returns the e-mail addresses of the people in AR.
func collectors() []string {
	var emails []string
	for _, p := range staff {
		if p.Role == ar.ARClerk {
			emails = append(emails, p.Email)
		}
	}
	return emails
}
