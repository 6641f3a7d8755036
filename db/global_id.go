package db

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// NodeType is the GraphQL name of a type that has a global id.
type NodeType string

// The types that have a global id.
const (
	TypeCustomer          NodeType = "Customer"
	TypeSubscription      NodeType = "ServiceSubscription"
	TypeUsageRecord       NodeType = "UsageRecord"
	TypeUsageSummary      NodeType = "UsageSummary"
	TypeBucket            NodeType = "Bucket"
	TypeConsumptionReport NodeType = "ConsumptionReport"
)

var typeNames = map[NodeType]bool{
	TypeCustomer: true, TypeSubscription: true, TypeUsageRecord: true,
	TypeUsageSummary: true, TypeBucket: true, TypeConsumptionReport: true,
}

// Node is a record that has a global id.
type Node interface {
	NodeType() NodeType
	NodeKey() Key
	GlobalID() ID
	IsNode()
}

// ID is a global id, Relay's id of a node. It is made of the record's name in its source, so that it is the same in
// every database and after every import, link and correction. Names that an id must not show are replaced by a hash.
type ID struct {
	Type NodeType
	// Source is the system of Customer and Value; empty for an id that is a hash of all three, and for an id of an
	// earlier version.
	Source Source
	// Customer is the customer's id in the source, for a subscription only; empty for a subscription of unattributed
	// documents.
	Customer string
	Value    string
}

// String returns the opaque form: base64url of the type and the name.
func (id ID) String() string {
	return string(id.AppendText(make([]byte, 0, 96)))
}

// AppendText appends the opaque form.
func (id ID) AppendText(b []byte) []byte {
	text := append(make([]byte, 0, 192), id.Type...)
	text = append(text, ':')
	if id.Source != "" {
		text = append(append(text, id.Source...), ':')
		if id.Type == TypeSubscription {
			// The length distinguishes a colon in the customer's id from the one after it.
			text = append(strconv.AppendInt(text, int64(len(id.Customer)), 10), ':')
			text = append(append(text, id.Customer...), ':')
		}
	}
	return base64.RawURLEncoding.AppendEncode(b, append(text, id.Value...))
}

// maxIDLength is the maximum length of an id, more than a type, a source and two names of maxNameLength bytes need.
const maxIDLength = 1000

var errInvalidID = Errorf(BadInput, "invalid id: use an id from a response, unchanged")

// ParseID parses the result of String and returns a BadInput error for any other text. An id of an earlier version is
// parsed as one that names nothing.
func ParseID(s string) (ID, error) {
	if len(s) > maxIDLength {
		return ID{}, errInvalidID
	}
	decoded, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return ID{}, errInvalidID
	}
	name, rest, ok := strings.Cut(string(decoded), ":")
	if !ok || rest == "" || !typeNames[NodeType(name)] || !utf8.ValidString(rest) || strings.ContainsRune(rest, 0) {
		return ID{}, errInvalidID
	}
	id := parseName(NodeType(name), rest)
	if id.String() != s {
		return ID{}, errInvalidID
	}
	return id, nil
}

// parseName parses the part of an id after its type.
func parseName(of NodeType, text string) ID {
	unknown := ID{Type: of, Value: text}
	source, value, ok := strings.Cut(text, ":")
	if !ok || of == TypeBucket || of == TypeConsumptionReport || !slices.Contains(Sources(), Source(source)) {
		return unknown
	}
	id := ID{Type: of, Source: Source(source), Value: value}
	if of != TypeSubscription {
		return id
	}
	length, names, ok := strings.Cut(value, ":")
	n, err := strconv.Atoi(length)
	if !ok || err != nil || n < 0 || n >= len(names) || names[n] != ':' || length != strconv.Itoa(n) {
		return unknown
	}
	id.Customer, id.Value = names[:n], names[n+1:]
	return id
}
