package db

import "strings"

// Source is a system that records are imported from.
type Source string

// The sources.
const (
	Elevate Source = "ELEVATE"
	BRM     Source = "BRM"
	STN     Source = "STN"
	DXP     Source = "DXP"
)

// Sources returns all sources, which are the values of the schema's enum Source.
func Sources() []Source { return []Source{Elevate, BRM, STN, DXP} }

// hasCustomers reports whether the documents of a source name customers.
func (s Source) hasCustomers() bool { return s != DXP }

// Lower returns the source's name in lower case, as in commands: elevate.
func (s Source) Lower() string { return strings.ToLower(string(s)) }

// UsageType is the type of a usage, such as a call or data.
type UsageType string

// The usage types.
const (
	Voice     UsageType = "VOICE"
	Data      UsageType = "DATA"
	SMS       UsageType = "SMS"
	MMS       UsageType = "MMS"
	Monetary  UsageType = "MONEY"
	Recurring UsageType = "RECURRING"
	OneOff    UsageType = "ONE_OFF"
	Other     UsageType = "OTHER"
)

// UsageStatus is the processing status of a usage record, as defined by TMF635.
type UsageStatus string

// The statuses.
const (
	Received UsageStatus = "RECEIVED"
	Rejected UsageStatus = "REJECTED"
	Recycled UsageStatus = "RECYCLED"
	Guided   UsageStatus = "GUIDED"
	Rated    UsageStatus = "RATED"
	Rerated  UsageStatus = "RERATED"
	Billed   UsageStatus = "BILLED"
)

// UsageDirection is the direction of a call or session, inbound or outbound.
type UsageDirection string

// The directions.
const (
	Inbound  UsageDirection = "INBOUND"
	Outbound UsageDirection = "OUTBOUND"
)

// Unit is the unit of an amount.
type Unit string

// The units.
const (
	Kilobyte Unit = "KILOBYTE"
	Megabyte Unit = "MEGABYTE"
	Gigabyte Unit = "GIGABYTE"
	Second   Unit = "SECOND"
	Minute   Unit = "MINUTE"
	Hour     Unit = "HOUR"
	Message  Unit = "MESSAGE"
	Count    Unit = "COUNT"
	Currency Unit = "CURRENCY"
)
