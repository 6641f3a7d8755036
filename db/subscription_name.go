package db

import "strings"

// SubscriptionName is the normalized form of a phone number or SIM card. It is +442079460124 for a possible number
// (E.164), sim:8931087112345678901 for a card (E.118), and elevate:8201 for any other number, which is valid only
// within its system. The empty name names nothing.
type SubscriptionName string

const cardPrefix = "sim:"

// LocalName returns the name of a number that is valid only within one system.
func LocalName(source Source, text string) SubscriptionName {
	return SubscriptionName(strings.ToLower(string(source)) + ":" + text)
}

// SubscriptionNameOf returns the name of an identifier with a kind, source ("" for all systems) and value.
func SubscriptionNameOf(kind IdentifierKind, source Source, value string) SubscriptionName {
	switch {
	case kind == SIM:
		return SubscriptionName(cardPrefix + value)
	case source == "":
		return SubscriptionName("+" + value)
	}
	return LocalName(source, value)
}

// Kind returns SIM for a card and MSISDN for a number.
func (n SubscriptionName) Kind() IdentifierKind {
	if strings.HasPrefix(string(n), cardPrefix) {
		return SIM
	}
	return MSISDN
}

// Source returns the system of a local number; empty for a name that is the same in all systems.
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

// Stored returns the column value of a name: nil for the empty name.
func (n *SubscriptionName) Stored() *string {
	if *n == "" {
		return nil
	}
	return (*string)(n)
}

// NameForm classifies a text that may name a subscription.
type NameForm int

// The forms.
const (
	// NoForm names nothing: it is empty, masked, a placeholder, an emergency number, or one digit repeated.
	NoForm NameForm = iota
	// NumberForm is a phone number, CardForm a SIM card.
	NumberForm
	CardForm
	// OtherForm is any other text. It can be an own id, but not a number or card.
	OtherForm
)
