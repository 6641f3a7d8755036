package lawtest_test

import "usagegraph/db"

// meaning is the kind of name that a text is.
type meaning int

const (
	// nothing is a text that names nothing: masked, a placeholder, an emergency number, or no text at all.
	nothing meaning = iota
	// possible is a possible phone number, which means the same in every system.
	possible
	// local is a number that means something in its own system alone.
	local
	// card is the number of a SIM card.
	card
	// own is a system's own id of a subscription.
	own
)

// text is an identifier as a document writes it, with its meaning: known by construction, so that the oracle parses
// nothing.
type text struct {
	written string
	means   meaning
	// value is an E.164 number without the plus, or the digits of a card; empty for other meanings.
	value string
}

// name is what a text names; the zero value is nothing. Two texts that name the same are equal as names.
type name struct {
	means meaning
	// source is the system in which a local number or an own id means something; empty for the others.
	source db.Source
	value  string
}

// in returns what the text names in a document of a source.
func (t text) in(source db.Source) name {
	switch t.means {
	case possible, card:
		return name{means: t.means, value: t.value}
	case local, own:
		return name{means: t.means, source: source, value: t.written}
	}
	return name{}
}

// isNumber reports whether the name is a phone number, local ones included.
func (n name) isNumber() bool { return n.means == possible || n.means == local }

// another reports whether two names are different ones of the same kind: two numbers, or two cards.
func (n name) another(of name) bool {
	return n != of && (n.isNumber() && of.isNumber() || n.means == card && of.means == card)
}

func ownID(id string) text { return text{written: id, means: own} }

func cardText(digits string) text { return text{written: digits, means: card, value: digits} }

func localText(written string) text { return text{written: written, means: local} }

func unnamed(written string) text { return text{written: written} }
