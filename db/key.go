package db

// Key is the primary key of a record that belongs to a customer. It differs between databases and changes when the
// record moves to another customer. ID, the global id, does not.
type Key struct {
	// CustomerID is the id of the record's customer, or 0 for an unattributed record.
	CustomerID int64 `db:"customer_id"`
	// ID is an id from IDs.
	ID int64 `db:"id"`
}

// NodeKey returns the key. It implements Node for records that embed Key.
func (k Key) NodeKey() Key { return k }

// CustomerKey returns the key of a customer.
func CustomerKey(customerID int64) Key { return Key{customerID, customerID} }

// keyIn returns the key of another record of the same customer. It returns false if id is nil.
func keyIn(customerID int64, id *int64) (Key, bool) {
	if id == nil {
		return Key{}, false
	}
	return Key{customerID, *id}, true
}
