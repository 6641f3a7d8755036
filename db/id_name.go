package db

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// hashMark is the prefix of a hash that replaces a name in a global id.
const hashMark = "#"

// maxNameLength is the maximum length of a name that a global id shows, in bytes.
const maxNameLength = 200

// hiddenName reports whether global ids show the hash of a name instead of the name. They do for a phone number with a
// plus, for a name that begins with hashMark, and for a name longer than maxNameLength.
func hiddenName(name string) bool {
	return len(name) > maxNameLength || strings.HasPrefix(name, hashMark) || strings.Contains(name, "+") && isDialled(name)
}

// isDialled reports whether a text has the form of a phone number: 5 to 17 digits, with or without a plus, separators
// and the tel: scheme. It does not use numbering plans: they change, and global ids must not.
func isDialled(text string) bool {
	if hasLetter(withoutScheme(text)) {
		return false
	}
	text = withoutScheme(plainText(text))
	digits := strings.TrimPrefix(separators.Replace(text), "+")
	return len(digits) >= 5 && len(digits) <= 17 && strings.Trim(digits, "0123456789") == ""
}

// hasLetter reports whether a text is pure ASCII and contains a letter. It is a fast check: most names pass it.
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

// hashName returns the first 128 bits of the SHA-256 of the names as base64url. Each name is prefixed with its length.
func hashName(names ...string) string {
	text := make([]byte, 0, 256)
	for _, name := range names {
		text = append(appendLength(text, len(name)), name...)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// hashedName returns the hash of a name of a source if global ids hide the name, else nil.
func hashedName(of NodeType, source Source, name string) *string {
	if !hiddenName(name) {
		return nil
	}
	return new(hashName(string(of), string(source), name))
}

// namedID returns the global id of a record or customer with the given name in a source.
func namedID(of NodeType, source Source, name string) ID {
	if hash := hashedName(of, source, name); hash != nil {
		name = hashMark + *hash
	}
	return ID{Type: of, Source: source, Value: name}
}

// subscriptionGlobalID returns the global id of a subscription with the given own id or, if name is not empty, the
// given subscription name. The customer is the customer's id in the source; it is empty for a subscription of
// unattributed documents.
func subscriptionGlobalID(source Source, customer, own string, name SubscriptionName) ID {
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
		if name != "" { // the name has the same meaning in every system
			source = ""
		}
		return ID{Type: TypeSubscription, Value: hashMark + hashName(string(TypeSubscription), string(source), "", kind, value)}
	}
	id.Customer = namedID(TypeCustomer, source, customer).Value
	id.Value = hashMark + hashName(string(TypeSubscription), string(source), customer, kind, value)
	return id
}

// assignedSubscriptionGlobalID returns the global id of a subscription whose own id is assigned to a customer of
// another system.
func assignedSubscriptionGlobalID(source Source, customer string, own SourceID) ID {
	return ID{Type: TypeSubscription, Source: source, Customer: namedID(TypeCustomer, source, customer).Value,
		Value: hashMark + hashName(string(TypeSubscription), string(source), customer, "assigned", string(own.Source), own.Value)}
}

// reportName returns the name that the global id of a consumption report contains.
func reportName(source Source, sourceID string) string {
	return hashName(string(TypeConsumptionReport), string(source), sourceID)
}

// deriveBuckets sets the derived values of a record's buckets. The hash in the global id of each is made of the record's name, the bucket's
// own id and its ordinal among the buckets with the same own id.
func deriveBuckets(of NodeType, source Source, sourceID string, list []*Bucket) {
	count := make(map[string]int, len(list))
	for _, b := range list {
		b.IDHash = bucketName(of, source, sourceID, b.SourceID, count[b.SourceID])
		count[b.SourceID]++
		b.computeUsage()
	}
	setSharedIDs(list)
}

func bucketName(of NodeType, source Source, sourceID, own string, ordinal int) string {
	return hashName(string(TypeBucket), string(of), string(source), sourceID, own, strconv.Itoa(ordinal))
}
