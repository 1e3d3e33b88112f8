package ar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Reason is why an invoice is disputed.
type Reason string

// The reasons, by the names of the field.
const (
	ReasonPricing       Reason = "pricing"
	ReasonShortShipment Reason = "short_shipment"
	ReasonDamaged       Reason = "damaged"
	ReasonWrongItem     Reason = "wrong_item"
	ReasonMissingPO     Reason = "missing_po"
	ReasonDuplicate     Reason = "duplicate"
	ReasonAlreadyPaid   Reason = "already_paid"
	ReasonNotReceived   Reason = "not_received"
	ReasonTax           Reason = "tax"
	ReasonFreight       Reason = "freight"
	ReasonTerms         Reason = "terms"
	ReasonOther         Reason = "other"
)

// Department is who has to look into a dispute.
type Department string

// The departments to which disputes go unless the config says otherwise.
const (
	DepartmentAR        Department = "AR"
	DepartmentBilling   Department = "billing"
	DepartmentLogistics Department = "logistics"
	DepartmentSales     Department = "sales"
)

// DisputeRoute says where disputes of a reason go and how long they may take.
type DisputeRoute struct {
	Reason     Reason
	Department Department
	// Assignee is an e-mail address; "" leaves it to the department.
	Assignee string
	// Days are the business days within which it is to be resolved.
	Days int
}

// DisputeRoutes are the routes of all reasons.
type DisputeRoutes []DisputeRoute

// DefaultDisputeRoutes returns where disputes go in a company that has said
// nothing: what is a matter of paper is to be cleared in two days, what needs a
// talk with the customer in three, what needs goods to be looked for in five.
func DefaultDisputeRoutes() DisputeRoutes {
	return DisputeRoutes{
		{ReasonPricing, DepartmentSales, "", 3},
		{ReasonShortShipment, DepartmentLogistics, "", 5},
		{ReasonDamaged, DepartmentLogistics, "", 5},
		{ReasonWrongItem, DepartmentLogistics, "", 5},
		{ReasonMissingPO, DepartmentSales, "", 2},
		{ReasonDuplicate, DepartmentBilling, "", 2},
		{ReasonAlreadyPaid, DepartmentAR, "", 2},
		{ReasonNotReceived, DepartmentLogistics, "", 3},
		{ReasonTax, DepartmentBilling, "", 5},
		{ReasonFreight, DepartmentLogistics, "", 5},
		{ReasonTerms, DepartmentSales, "", 3},
		{ReasonOther, DepartmentAR, "", 5},
	}
}

// Route returns the route of a reason: the first that names it, else the
// default one.
func (r DisputeRoutes) Route(reason Reason) DisputeRoute {
	for _, routes := range []DisputeRoutes{r, DefaultDisputeRoutes()} {
		for _, route := range routes {
			if route.Reason == reason {
				return route
			}
		}
	}
	return DisputeRoute{Reason: reason, Department: DepartmentAR, Days: 5}
}

// Reasons lists all reasons in the order in which they are offered.
func Reasons() []Reason {
	all := make([]Reason, 0, len(DefaultDisputeRoutes()))
	for _, r := range DefaultDisputeRoutes() {
		all = append(all, r.Reason)
	}
	return all
}

// Words returns the reason as people write it: "short shipment", "missing PO".
func (r Reason) Words() string {
	if r == ReasonMissingPO {
		return "missing PO"
	}
	return strings.ReplaceAll(string(r), "_", " ")
}

// ParseReason reads a reason by its code or its words, in any case.
func ParseReason(s string) (Reason, error) {
	folded := fold(strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSpace(s)))
	for _, r := range Reasons() {
		if folded == fold(r.Words()) {
			return r, nil
		}
	}
	words := make([]string, 0, len(Reasons()))
	for _, r := range Reasons() {
		words = append(words, r.Words())
	}
	return "", Refuse("%q is not a reason for a dispute. Choose one of %s.", s, strings.Join(words, ", "))
}

// Confidence is how sure a reason is that was read out of somebody's words.
type Confidence string

// The confidences. Whatever it is, the reason is shown and changed by one tap.
const (
	// Sure: the words speak of one reason only.
	Sure Confidence = "sure"
	// Likely: of several reasons, of this one most.
	Likely Confidence = "likely"
	// Unsure: of none, or of two alike; the reason is then "other".
	Unsure Confidence = "unsure"
)

// InferReason reads the reason out of a note, in English and the commonest words
// of German, French and Spanish.
func InferReason(note string) (Reason, Confidence) {
	type score struct {
		reason Reason
		weight int
	}
	text := " " + strings.Join(words(fold(CleanTyped(note))), " ") + " "
	var scores []score
	for _, r := range Reasons() {
		if w := weigh(text, reasonWords[r]); w > 0 {
			scores = append(scores, score{r, w})
		}
	}
	slices.SortStableFunc(scores, func(a, b score) int { return cmp.Compare(b.weight, a.weight) })
	switch {
	case len(scores) == 0, len(scores) > 1 && scores[0].weight == scores[1].weight:
		return ReasonOther, Unsure
	case len(scores) > 1:
		return scores[0].reason, Likely
	}
	return scores[0].reason, Sure
}

// weigh counts the words of the phrases that a text holds; a word that ends in
// a star stands for all that begin so.
func weigh(text string, phrases string) (weight int) {
	for phrase := range strings.SplitSeq(phrases, ",") {
		phrase = strings.Join(strings.Fields(phrase), " ")
		look := " " + phrase + " "
		if stem, found := strings.CutSuffix(phrase, "*"); found {
			look = " " + stem
		}
		if phrase != "" && strings.Contains(text, look) {
			weight += 1 + strings.Count(phrase, " ")
		}
	}
	return weight
}

// words cuts a text into runs of letters, digits and apostrophes.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r != '\'' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

// reasonWords are the phrases that speak of a reason, without accents, in small
// letters.
//
//nolint:misspell // words of other languages
var reasonWords = map[Reason]string{
	ReasonPricing: `price, prices, priced, pricing, wrong price, overcharg*, over charged, charged too much, discount, rebate, quote, quoted,
		agreed price, contract price, unit price, more expensive, price list, promo, preis, preise, zu teuer, rabatt, preisabweichung, skonto fehlt,
		prix, remise, tarif, trop cher, precio, precios, descuento, mas caro, rebaja`,
	ReasonShortShipment: `short, shorted, short ship*, shortage, missing items, missing item, items missing, missing units, missing boxes, units missing,
		boxes missing, cases missing, pieces missing, missing pieces, wrong quantity, wrong qty, quantity, incomplete, partial delivery, partial shipment, not all,
		only got, only received, fehlmenge, fehlt ware, unvollstandig, teillieferung, zu wenig, falsche menge, menge,
		quantite, manquant*, incomplet*, livraison partielle, cantidad, incompleto, falta*, faltante, entrega parcial`,
	ReasonDamaged: `damage*, broken, defect*, faulty, cracked, dented, torn, leaking, spoiled, expired, crushed, poor quality, quality,
		beschadigt*, kaputt, defekt, mangelhaft, mangel, endommage*, casse*, abime*, defectueux, danad*, roto, rota, rotos, defectuos*`,
	ReasonWrongItem: `wrong item*, wrong product*, wrong goods, wrong model, wrong size, wrong colour, wrong color, wrong part*, incorrect item*, not what we ordered,
		never ordered, did not order, didn't order, falsche ware, falscher artikel, falsches produkt, nicht bestellt, falschlieferung,
		mauvais article, mauvais produit, pas commande, articulo equivocado, producto equivocado, no pedimos, no pedido`,
	ReasonMissingPO: `po, p o, purchase order, po number, no po, missing po, wrong po, po missing, needs a po, order number, bestellnummer, bestellreferenz,
		bon de commande, numero de commande, orden de compra, numero de pedido`,
	ReasonDuplicate: `duplicate*, duplicated, twice, double, billed twice, invoiced twice, double billed, same invoice, again billed, doppelt*, zweimal,
		doublon, en double, deux fois, facture deux fois, duplicad*, dos veces, doble`,
	ReasonAlreadyPaid: `already paid, paid already, was paid, has been paid, have paid, we paid, they paid, paid it, paid last, paid by, paid on, paid in full,
		bereits bezahlt, schon bezahlt, schon uberwiesen, bezahlt, deja paye*, deja regle*, avons paye, ya pagad*, ya pagamos, ya pago, pagamos`,
	ReasonNotReceived: `not received, never received, never arrived, not arrived, did not arrive, didn't arrive, not delivered, never delivered, undelivered, no delivery, lost in transit,
		lost, proof of delivery, pod, did not receive, didn't receive, haven't received, hasn't arrived, nicht erhalten, nicht angekommen, nicht geliefert, nie erhalten, liefernachweis,
		pas recu, jamais recu, non recu, non livre*, no recibid*, no llego, no ha llegado, no entregad*, nunca llego`,
	ReasonTax: `tax, taxes, sales tax, vat, gst, hst, tax exempt, exempt, exemption, resale certificate, mwst, ust, umsatzsteuer, steuer, reverse charge,
		tva, taxe, exonere*, iva, impuesto*, exento`,
	ReasonFreight: `freight, shipping, shipping cost*, shipping charge*, delivery charge*, delivery fee, postage, fuel surcharge, surcharge, fracht, frachtkosten, versand, versandkosten, porto,
		frais de port, transport, frais de livraison, flete, gastos de envio, envio, portes`,
	ReasonTerms: `terms, payment terms, net 30, net 45, net 60, net 90, due date, not due, due date is wrong, wrong due date, early payment, zahlungsziel, zahlungsbedingungen, falligkeit,
		skonto, conditions de paiement, echeance, delai de paiement, condiciones de pago, vencimiento, plazo`,
}

// Check refuses routes that lead nowhere.
func (r DisputeRoutes) Check() error {
	for _, route := range r {
		if !slices.Contains(Reasons(), route.Reason) {
			return fmt.Errorf("%q is not a reason for a dispute", route.Reason)
		}
		if route.Days <= 0 {
			return fmt.Errorf("disputes of the reason %q: %d days are too few, give 1 or more", route.Reason.Words(), route.Days)
		}
	}
	return nil
}
