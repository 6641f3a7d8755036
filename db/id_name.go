package db

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The names that global ids are made of.

// hashMark begins a name in an id that is the hash of one.
const hashMark = "#"

// maxNameLength is the maximum length of a name that an id shows, in bytes.
const maxNameLength = 200

// hiddenName reports whether an id has the hash of a name in place of it: of a phone number with a plus, of one that looks
// like a hash, and of a long one.
func hiddenName(name string) bool {
	return len(name) > maxNameLength || strings.HasPrefix(name, hashMark) || strings.Contains(name, "+") && isDialled(name)
}

// isDialled reports whether a text is written as a phone number of any country: 5 to 15 digits with or without a plus and
// separators. It does not depend on numbering plans, which change; ids do not.
func isDialled(text string) bool {
	if hasLetter(withoutScheme(text)) {
		return false
	}
	text = withoutScheme(plainText(text))
	digits := strings.TrimPrefix(separators.Replace(text), "+")
	return len(digits) >= 5 && len(digits) <= 17 && strings.Trim(digits, "0123456789") == ""
}

// hasLetter reports whether a text is ASCII and has a letter: most names do, and need no closer look.
func hasLetter(text string) bool {
	letter := false
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			return false
		}
		letter = letter || 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	return letter
}

// hashName returns the first 128 bits of the SHA-256 of names, each after its length, as base64url.
func hashName(names ...string) string {
	text := make([]byte, 0, 256)
	for _, name := range names {
		text = append(appendLength(text, len(name)), name...)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// hashedName returns the hash of a name of a source that ids do not show; nil for any other name.
func hashedName(of NodeType, source Source, name string) *string {
	if !hiddenName(name) {
		return nil
	}
	return new(hashName(string(of), string(source), name))
}

// namedID returns the id of a record or customer by its name in a source.
func namedID(of NodeType, source Source, name string) ID {
	if hash := hashedName(of, source, name); hash != nil {
		name = hashMark + *hash
	}
	return ID{Type: of, Source: source, Value: name}
}

// lineID returns the id of a subscription by its customer's id in a source and by its own id there, or by the number or
// card that names it. The customer's id is empty for a line of unattributed documents.
func lineID(source Source, customer, own string, name SubscriptionName) ID {
	id := ID{Type: TypeSubscription, Source: source, Value: own}
	if name == "" && !hiddenName(own) && !isDialled(own) {
		id.Customer = namedID(TypeCustomer, source, customer).Value
		return id
	}
	kind, value := "own", own
	if name != "" {
		kind, value = "name", string(name)
	}
	if customer == "" {
		if name != "" { // systems meet on it
			source = ""
		}
		return ID{Type: TypeSubscription, Value: hashMark + hashName(string(TypeSubscription), string(source), "", kind, value)}
	}
	id.Customer = namedID(TypeCustomer, source, customer).Value
	id.Value = hashMark + hashName(string(TypeSubscription), string(source), customer, kind, value)
	return id
}

// assignedLineID returns the id of a subscription whose own id an assignment gives to a customer of another system.
func assignedLineID(source Source, customer string, own SourceID) ID {
	return ID{Type: TypeSubscription, Source: source, Customer: namedID(TypeCustomer, source, customer).Value,
		Value: hashMark + hashName(string(TypeSubscription), string(source), customer, "assigned", string(own.Source), own.Value)}
}

// reportName returns the name of a consumption report in its id.
func reportName(source Source, sourceID string) string {
	return hashName(string(TypeConsumptionReport), string(source), sourceID)
}

// nameBuckets names the buckets of a record: by the record, their own ids, and the place among those of one own id.
func nameBuckets(of NodeType, source Source, sourceID string, list []*Bucket) {
	count := make(map[string]int, len(list))
	for _, b := range list {
		b.IDHash = bucketName(of, source, sourceID, b.SourceID, count[b.SourceID])
		count[b.SourceID]++
	}
}

func bucketName(of NodeType, source Source, sourceID, own string, ordinal int) string {
	return hashName(string(TypeBucket), string(of), string(source), sourceID, own, strconv.Itoa(ordinal))
}
