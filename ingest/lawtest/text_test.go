package lawtest_test

import "usagegraph/db"

// meaning is the kind of name in a text.
type meaning int

const (
	// nothing marks a text without a name: a masked number, a placeholder, an emergency number, or the empty text.
	nothing meaning = iota
	// possible marks a possible phone number, which has the same meaning in every system.
	possible
	// local marks a number that has a meaning in its own system only.
	local
	// card marks the number of a SIM card.
	card
	// own marks a system's own id of a subscription.
	own
)

// text is an identifier in the spelling of a document. Its meaning is set by the generator, so that the oracle does not
// parse texts.
type text struct {
	written string
	means   meaning
	// value is an E.164 number without the plus, or the digits of a card; empty for other meanings.
	value string
}

// name is the name in a text; the zero value is no name. Texts with the same name have equal values.
type name struct {
	means meaning
	// source is the system of a local number or an own id; empty for other meanings.
	source db.Source
	value  string
}

// in returns the name in the text, in a document of a source.
func (t text) in(source db.Source) name {
	switch t.means {
	case possible, card:
		return name{means: t.means, value: t.value}
	case local, own:
		return name{means: t.means, source: source, value: t.written}
	}
	return name{}
}

// isNumber reports whether the name is a phone number, including local ones.
func (n name) isNumber() bool { return n.means == possible || n.means == local }

// another reports whether two names differ and are of the same kind: two numbers, or two cards.
func (n name) another(of name) bool {
	return n != of && (n.isNumber() && of.isNumber() || n.means == card && of.means == card)
}

func ownID(id string) text { return text{written: id, means: own} }

func cardText(digits string) text { return text{written: digits, means: card, value: digits} }

func localText(written string) text { return text{written: written, means: local} }

func unnamed(written string) text { return text{written: written} }
