package db

import (
	"strings"
	"unicode"
)

// emergencyNumbers are the emergency and service numbers of many countries. Numbers of one repeated digit, such as 999,
// are not listed: they never name a subscription.
var emergencyNumbers = setOf(
	"100", "101", "102", "103", "104", "105", "106", "107", "108", "110", "112", "113", "114", "115", "116", "117", "118", "119",
	"120", "122", "123", "150", "155", "158", "190", "191", "192", "193", "197", "198", "199", "911", "995", "997", "998")

// placeholders are words that documents contain instead of a number, id or card, in lower case with single spaces.
var placeholders = setOf(
	"n/a", "na", "n.a.", "n.a", "n/k", "n.v.t.", "nvt", "none", "null", "nil", "nan", "no", "undefined", "unknown", "unk", "not known",
	"anonymous", "anon", "private", "privacy", "withheld", "number withheld", "unavailable", "not available", "not applicable", "not provided",
	"not set", "not assigned", "unassigned", "restricted", "blocked", "hidden", "secret", "masked", "redacted", "removed", "missing", "empty",
	"blank", "default", "dummy", "no number", "no caller id", "private number", "unknown number", "unlisted", "tbd", "tba", "tbc",
	"onbekend", "anoniem", "geen", "desconocido", "anonimo", "anónimo", "privado", "ninguno")

func setOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}

// NamesNothing reports whether an id is masked or a placeholder such as "n/a" or "anonymous". Records with the same
// such id do not have the same customer.
func NamesNothing(id string) bool {
	id = strings.TrimSpace(id)
	return isPlaceholder(id) || isMasked(id)
}

// isPlaceholder reports whether a text has neither letters nor digits or is one of the placeholders, in any case, with
// spaces or underscores between its words and brackets or quotes around it.
func isPlaceholder(text string) bool {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return true
	}
	if len(text) > 30 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return unicode.IsSpace(r) || r == '_' })
	return placeholders[strings.Trim(strings.Join(words, " "), `()[]{}<>"'`)]
}

// isMasked reports whether characters of a text are masked: it contains a character used only for masking, or consists
// of digits, separators and masking characters. A single x is not a mask: it may begin an extension.
func isMasked(text string) bool {
	if strings.ContainsAny(text, "*•●…█■□▪") {
		return true
	}
	lower := strings.ToLower(text)
	if strings.Trim(lower, "+0123456789x#?_ -.()/") != "" {
		return false
	}
	return strings.ContainsAny(lower, "#?") || strings.Contains(lower, "__") || strings.Count(lower, "x") > 1
}
