package ar

import (
	"slices"
	"strings"
)

// word is what a typed word means, whatever the language.
type word string

// The words that dates and amounts are made of.
const (
	wordToday, wordTomorrow, wordOvermorrow, wordYesterday word = "today", "tomorrow", "overmorrow", "yesterday"
	wordNext, wordThis, wordLast, wordComing               word = "next", "this", "last", "coming"
	wordEnd, wordLastWorkday, wordMonthEnd, wordWeekEnd    word = "end", "last workday", "month end", "week end"
	wordQuarterEnd, wordYearEnd, wordDayEnd                word = "quarter end", "year end", "day end"
	wordDays, wordWorkdays, wordWeeks, wordMonths          word = "days", "workdays", "weeks", "months"
	wordQuarter, wordYear                                  word = "quarter", "year"
	wordIn, wordFrom, wordLead, wordFill                   word = "in", "from", "lead", "fill"
	wordBefore, wordAfter, wordWeekend                     word = "before", "after", "weekend"
	wordHalf, wordThird, wordRest, wordAll, wordPercent    word = "half", "third", "rest", "all", "percent"
	wordThousand, wordMillion                              word = "thousand", "million"
	wordAnd, wordOr, wordNot, wordEach, wordFortnight      word = "and", "or", "not", "each", "fortnight"
	wordVerb                                               word = "verb"
)

// weekdayWords and monthWords name what a Weekday and a Month are in the
// lexicon.
var (
	weekdayWords = []word{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	monthWords   = []word{"m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12"}
)

// lexicon is what the words of a language mean: a meaning, a colon, and the
// phrases for it, folded. English is read everywhere beside the language of the
// locale.
//
//nolint:misspell // words of other languages
var lexicon = map[string]string{
	"en": `
		sun: sunday, sun
		mon: monday, mon
		tue: tuesday, tue, tues
		wed: wednesday, wed, weds
		thu: thursday, thu, thur, thurs
		fri: friday, fri
		sat: saturday, sat
		m1: january, jan
		m2: february, feb
		m3: march, mar
		m4: april, apr
		m5: may
		m6: june, jun
		m7: july, jul
		m8: august, aug
		m9: september, sep, sept
		m10: october, oct
		m11: november, nov
		m12: december, dec
		today: today, tonight, now, this afternoon, this evening
		tomorrow: tomorrow, tmrw, tmr, tomorow
		overmorrow: day after tomorrow, the day after tomorrow
		yesterday: yesterday
		next: next, following
		this: this
		coming: coming, upcoming, this coming
		last: last, past
		end: end of, end, last day of, last day in, the end of
		last workday: last business day of, last working day of, last workday of, last business day in
		month end: eom, month end, month-end, end-of-month
		week end: eow, end-of-week
		quarter end: eoq, quarter end, quarter-end
		year end: eoy, year end, year-end
		day end: eod, cob, eob, end of day, close of business, end of business, close of play, end of the day
		days: day, days, calendar days
		workdays: business day, business days, working day, working days, workday, workdays, work days, bd, bds
		weeks: week, weeks, wk, wks
		months: month, months
		quarter: quarter, quarters, qtr
		year: year, years
		weekend: weekend, the weekend
		in: in, within, in about
		from: from, from now
		lead: by, on, at the latest, until, till, til, due, for, no later than, not later than, at, at the latest on, by the latest, latest
		before: before, prior to
		after: after, after that, thereafter, not before
		fill: the, of, a, an
		half: half, one half, 1/2 of
		third: third, one third, thirds
		rest: rest, remainder, remaining, balance, the other half, other half, what is left
		all: all, everything, in full, full, full amount, whole, whole amount, the lot, all of it, entire, entire amount, the whole thing
		percent: percent, pct, per cent
		thousand: thousand, grand
		million: million, millions, mio
		and: and, then, plus, &, +, -
		or: or
		not: not, won't, wont, can't, cant, cannot, don't, doesn't, didn't, isn't, never, no way, unable, refuses, refused
		each: each, every, weekly, monthly, daily, biweekly, per week, per month
		verb: will, will pay, would pay, can pay, pay, pays, paying, payment, promised, promises, promise, says, said, to pay, they, they'll, we, we'll, he, she, it, is, going to, wants to, owes
		1: one
		2: two, a couple of, couple of
		3: three
		4: four
		5: five
		6: six
		7: seven
		8: eight
		9: nine
		10: ten
		12: twelve
		14: fourteen
		fortnight: fortnight`,
	"de": `
		sun: sonntag, so
		mon: montag, mo
		tue: dienstag, di
		wed: mittwoch, mi
		thu: donnerstag, do
		fri: freitag, fr
		sat: samstag, sa, sonnabend
		m1: januar, janner, jan
		m2: februar, feber, feb
		m3: marz, maerz, mrz
		m4: april, apr
		m5: mai
		m6: juni, jun
		m7: juli, jul
		m8: august, aug
		m9: september, sep, sept
		m10: oktober, okt
		m11: november, nov
		m12: dezember, dez
		today: heute
		tomorrow: morgen
		overmorrow: ubermorgen, uebermorgen
		yesterday: gestern
		next: nachsten, nachste, nachster, nachstes, nachstem, naechsten, naechste, naechster, naechstes
		coming: kommenden, kommende, kommender, kommendes
		this: diesen, diese, dieser, dieses, diesem
		last: letzten, letzte, letzter, letztes, vergangenen
		end: ende, ende des, ende der, letzter tag des, letzten tag des, zum ende des, am ende des
		last workday: letzter arbeitstag des, letzten arbeitstag des, letzter werktag des, letzten werktag des
		month end: monatsende, ultimo, ende monat
		week end: ende der woche, ende dieser woche
		quarter end: quartalsende
		year end: jahresende
		weekend: wochenende
		days: tag, tage, tagen
		workdays: werktag, werktage, werktagen, arbeitstag, arbeitstage, arbeitstagen, bankarbeitstage, bankarbeitstagen
		weeks: woche, wochen
		months: monat, monats, monate, monaten
		quarter: quartal, quartals
		year: jahr, jahres
		in: in, binnen, innerhalb von
		from: ab
		lead: bis, bis zum, bis zur, bis spatestens, am, zum, zur, spatestens, spatestens am, spatestens bis, spatestens zum, fur, auf, den
		before: vor, vor dem
		after: nach, nach dem, nicht vor, nicht vor dem, fruhestens
		fill: der, die, das, des, dem, vom, von
		half: halfte, halb, die halfte, eine halfte
		third: drittel
		quarter: viertel
		rest: rest, restbetrag, restliche, den rest, restlichen, die andere halfte
		all: alles, komplett, vollstandig, voll, ganz, gesamt, gesamtbetrag, ganzen betrag, den ganzen betrag, volle summe, vollen betrag
		percent: prozent
		thousand: tausend, tsd
		million: million, millionen, mio
		and: und, dann
		or: oder
		not: nicht, kein, keine, keinen, nie
		each: je, jeden, jede, jeweils, wochentlich, monatlich
		verb: zahlt, zahlen, bezahlt, uberweist, verspricht, will, wird, werden, sagt, kommt, kommen
		1: ein, eine, einen, einem, einer, eins
		2: zwei, zwo
		3: drei
		4: vier
		5: funf, fuenf
		6: sechs
		7: sieben
		8: acht
		9: neun
		10: zehn
		14: vierzehn`,
	"fr": `
		sun: dimanche, dim
		mon: lundi, lun
		tue: mardi, mar
		wed: mercredi, mer
		thu: jeudi, jeu
		fri: vendredi, ven
		sat: samedi, sam
		m1: janvier, janv, jan
		m2: fevrier, fevr, fev
		m3: mars
		m4: avril, avr
		m5: mai
		m6: juin
		m7: juillet, juil
		m8: aout
		m9: septembre, sept
		m10: octobre, oct
		m11: novembre, nov
		m12: decembre, dec
		today: aujourd'hui, ce jour, maintenant
		tomorrow: demain
		overmorrow: apres-demain, apres demain, surlendemain
		yesterday: hier
		next: prochain, prochaine
		coming: qui vient
		this: ce, cette, courant
		last: dernier, derniere, passe
		end: fin, fin du, fin de, fin de la, la fin du, dernier jour du, dernier jour de
		last workday: dernier jour ouvre du, dernier jour ouvre de
		month end: fin de mois, fin du mois
		week end: fin de semaine, fin de la semaine
		quarter end: fin de trimestre, fin du trimestre
		year end: fin d'annee, fin de l'annee
		weekend: week-end
		days: jour, jours
		workdays: jour ouvre, jours ouvres, jour ouvrable, jours ouvrables
		weeks: semaine, semaines
		months: mois
		quarter: trimestre, quart
		year: annee, an, ans
		in: dans, sous, d'ici a
		from: a partir de
		lead: le, pour le, pour, d'ici, d'ici le, d'ici au, jusqu'au, au plus tard le, au
		before: avant, avant le, avant la
		after: apres, apres le, pas avant, pas avant le
		fill: du, de, la, les, l'
		half: moitie, la moitie, demi
		third: tiers, un tiers
		rest: reste, solde, le reste, le solde
		all: tout, la totalite, totalite, en totalite, integralite, l'integralite, en entier, le total, montant total
		percent: pour cent
		thousand: mille
		million: million, millions
		and: et, puis
		or: ou
		not: pas, ne, aucun, jamais
		each: chaque, chacun, hebdomadaire, mensuel, par semaine, par mois
		verb: paie, paye, paiera, payera, paient, va, payer, promet, regle, reglera, verse, versera
		1: un, une
		2: deux
		3: trois
		4: quatre
		5: cinq
		6: six
		7: sept
		8: huit
		10: dix
		15: quinze`,
	"es": `
		sun: domingo, dom
		mon: lunes, lun
		tue: martes, mar
		wed: miercoles, mie
		thu: jueves, jue
		fri: viernes, vie
		sat: sabado, sab
		m1: enero, ene
		m2: febrero, feb
		m3: marzo
		m4: abril, abr
		m5: mayo, may
		m6: junio, jun
		m7: julio, jul
		m8: agosto, ago
		m9: septiembre, setiembre, sept, sep, set
		m10: octubre, oct
		m11: noviembre, nov
		m12: diciembre, dic
		today: hoy, ahora
		tomorrow: manana
		overmorrow: pasado manana
		yesterday: ayer
		next: proximo, proxima, siguiente
		coming: que viene, que entra
		this: este, esta
		last: pasado, pasada
		end: fin, fin de, fin del, final de, final del, finales de, fines de, ultimo dia de, ultimo dia del, a fin de, a finales de
		last workday: ultimo dia habil de, ultimo dia habil del, ultimo dia laborable de, ultimo dia laborable del
		month end: fin de mes, fin del mes, final de mes, final del mes, a fin de mes, a finales de mes
		quarter end: fin de trimestre, fin del trimestre
		year end: fin de ano, fin del ano, a fin de ano
		weekend: fin de semana, el fin de semana
		days: dia, dias
		workdays: dia habil, dias habiles, dia laborable, dias laborables
		weeks: semana, semanas
		months: mes, meses
		quarter: trimestre, cuarto, cuartos, cuarta parte
		year: ano, anos
		in: en, dentro de
		from: a partir de
		lead: el, para el, para, hasta el, el dia, a mas tardar el, al, la
		before: antes del, antes de, antes de el
		after: despues del, despues de, no antes del
		fill: de, del, los, las, lo
		half: mitad, la mitad, medio, media
		third: tercio, tercios, un tercio, tercera parte
		rest: resto, el resto, saldo, el saldo, restante
		all: todo, totalidad, la totalidad, completo, el total, importe total
		percent: por ciento
		thousand: mil
		million: millon, millones
		and: y, luego
		or: o, u
		not: no, nunca, ningun
		each: cada, semanal, mensual, por semana, por mes
		verb: paga, pagara, pagaran, pagan, va a, pagar, promete, abona, abonara
		1: un, uno, una
		2: dos
		3: tres
		4: cuatro
		5: cinco
		6: seis
		7: siete
		8: ocho
		10: diez
		15: quince`,
}

// currencyWords are the names and signs of currencies beside the ISO codes. A
// "$" stands for every dollar: what it means depends on the company.
var currencyWords = map[string]string{
	"$": "$", "dollar": "$", "dollars": "$", "bucks": "$", "dolar": "$", "dolares": "$", "us$": "USD", "usd$": "USD", "u$s": "USD",
	"c$": "CAD", "ca$": "CAD", "can$": "CAD", "cad$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "mx$": "MXN", "r$": "BRL",
	"€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "pfund": "GBP",
	"¥": "¥", "yen": "JPY", "franken": "CHF", "sfr": "CHF",
}

// phrase is some words with what they mean.
type phrase struct {
	words    []string
	meanings []word
}

// phrasebook finds phrases by their first word, the longest first.
type phrasebook map[string][]phrase

// phrasebooks are those of the languages that are read.
var phrasebooks = map[string]phrasebook{
	"en": newPhrasebook("en"), "de": newPhrasebook("de"), "fr": newPhrasebook("fr"), "es": newPhrasebook("es"),
}

// newPhrasebook reads the lexicon of English and of another language. A phrase
// that means something else there loses its English meaning, but for months: a
// Spanish "mar" is a Tuesday or, beside a number, March.
func newPhrasebook(language string) phrasebook {
	meanings := map[string][]word{}
	for _, lang := range slices.Compact([]string{"en", language}) {
		own := map[string][]word{}
		for line := range strings.SplitSeq(lexicon[lang], "\n") {
			meaning, list, _ := strings.Cut(strings.TrimSpace(line), ":")
			for p := range strings.SplitSeq(list, ",") {
				if p = strings.TrimSpace(p); p != "" {
					own[p] = append(own[p], word(meaning))
				}
			}
		}
		for p, m := range own {
			for _, before := range meanings[p] {
				if slices.Contains(monthWords, before) && !slices.Contains(m, before) {
					m = append(m, before)
				}
			}
			meanings[p] = m
		}
	}
	book := phrasebook{}
	for p, m := range meanings {
		words := strings.Fields(p)
		book[words[0]] = append(book[words[0]], phrase{words, m})
	}
	for _, list := range book {
		slices.SortFunc(list, func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return book
}
