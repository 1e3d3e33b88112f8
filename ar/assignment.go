package ar

// Assignment gives an account to a person in AR, whatever the ledger says.
type Assignment struct {
	Customer CustomerID
	// User is the person in the chat system, Email the address by which the config
	// knows the person, with deputy and absences; "" where it is not known.
	User, Email string
	Made        Act
}

// Covering is the person who does the work of an assignment on a day: the person, or
// the first of the deputies who are there while the person is away. All are e-mail
// addresses.
func Covering(email string, away bool, deputies []string) string {
	if away && len(deputies) > 0 {
		return deputies[0]
	}
	return email
}
