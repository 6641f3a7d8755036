package db

// Key is the primary key of a record that belongs to a customer. It differs from database to database and changes with
// the record's owner: what lasts is its ID.
type Key struct {
	// CustomerID is who it belongs to; 0 while no document says.
	CustomerID int64 `db:"customer_id"`
	// ID is made by IDs and grows with time.
	ID int64 `db:"id"`
}

// NodeKey returns the key of a record that embeds it.
func (k Key) NodeKey() Key { return k }

// CustomerKey returns the key of a customer.
func CustomerKey(customerID int64) Key { return Key{customerID, customerID} }

// keyIn returns the key of another record of the same customer; false where there is no id.
func keyIn(customerID int64, id *int64) (Key, bool) {
	if id == nil {
		return Key{}, false
	}
	return Key{customerID, *id}, true
}
