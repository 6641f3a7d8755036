package db

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Key is the primary key of a record that belongs to a customer.
type Key struct {
	// CustomerID is who it belongs to; 0 while no document says.
	CustomerID int64 `db:"customer_id"`
	// ID is made by IDs and grows with time.
	ID int64 `db:"id"`
}

// keyIn returns the key of another record of the same customer; false where there is no id.
func keyIn(customerID int64, id *int64) (Key, bool) {
	if id == nil {
		return Key{}, false
	}
	return Key{customerID, *id}, true
}

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
	GlobalID() ID
	IsNode()
}

// ID is a global id: what Relay calls a node's id. A customer's is (Customer, customer id, customer id).
type ID struct {
	Type NodeType
	Key  Key
}

// String returns the opaque form: base64url of the type, the customer and the id.
func (id ID) String() string {
	return string(id.AppendText(make([]byte, 0, 96)))
}

// AppendText appends the opaque form.
func (id ID) AppendText(b []byte) []byte {
	text := append(make([]byte, 0, 64), id.Type...)
	text = append(text, ':')
	text = strconv.AppendInt(text, id.Key.CustomerID, 10)
	text = append(text, ':')
	return base64.RawURLEncoding.AppendEncode(b, strconv.AppendInt(text, id.Key.ID, 10))
}

var errNoID = Errorf(BadInput, "not an id of this server: take ids from its answers, unchanged")

// ParseID reads what String wrote, and nothing else. It returns a BadInput error.
func ParseID(s string) (ID, error) {
	if len(s) > 100 {
		return ID{}, errNoID
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return ID{}, errNoID
	}
	parts := strings.Split(string(text), ":")
	if len(parts) != 3 || !typeNames[NodeType(parts[0])] {
		return ID{}, errNoID
	}
	customer, err1 := strconv.ParseInt(parts[1], 10, 64)
	own, err2 := strconv.ParseInt(parts[2], 10, 64)
	id := ID{NodeType(parts[0]), Key{customer, own}}
	if err1 != nil || err2 != nil || id.String() != s {
		return ID{}, errNoID
	}
	return id, nil
}
