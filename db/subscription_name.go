package db

import "strings"

// SubscriptionName is the normalized form of a phone number or SIM card, by which systems are compared: +442079460124 for a possible number (E.164),
// sim:8931087112345678901 for a card (E.118), elevate:8201 for a number that is not possible as it stands, such as a
// local one, which means something in its own system alone. The empty name names nothing.
type SubscriptionName string

const cardPrefix = "sim:"

// LocalName returns the name of a number that means something in one system alone.
func LocalName(source Source, text string) SubscriptionName {
	return SubscriptionName(strings.ToLower(string(source)) + ":" + text)
}

// SubscriptionNameOf returns the name that an identifier of a kind, source ("" for none) and value has.
func SubscriptionNameOf(kind IdentifierKind, source Source, value string) SubscriptionName {
	switch {
	case kind == SIM:
		return SubscriptionName(cardPrefix + value)
	case source == "":
		return SubscriptionName("+" + value)
	}
	return LocalName(source, value)
}

// Kind tells a card from a number.
func (n SubscriptionName) Kind() IdentifierKind {
	if strings.HasPrefix(string(n), cardPrefix) {
		return SIM
	}
	return MSISDN
}

// Source returns the system in which alone the name means something; empty for one on which systems meet.
func (n SubscriptionName) Source() Source {
	system, _, local := strings.Cut(string(n), ":")
	if !local || system+":" == cardPrefix {
		return ""
	}
	return Source(strings.ToUpper(system))
}

// Value returns the number's digits without the plus, the card's digits, or the text of a local number.
func (n SubscriptionName) Value() string {
	if number, possible := strings.CutPrefix(string(n), "+"); possible {
		return number
	}
	_, value, _ := strings.Cut(string(n), ":")
	return value
}

// Stored returns what is stored of a name: nil for the empty one.
func (n *SubscriptionName) Stored() *string {
	if *n == "" {
		return nil
	}
	return (*string)(n)
}

// NameForm is the kind of a text that may name a line.
type NameForm int

// The words.
const (
	// NoForm names nothing: it is empty, masked, a placeholder, an emergency number, or one digit repeated.
	NoForm NameForm = iota
	// NumberForm is a phone number, CardWord a SIM card.
	NumberForm
	CardForm
	// OtherForm is neither: an own id where one may stand, nothing where a number or card is wanted.
	OtherForm
)
