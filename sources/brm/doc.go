// Package brm reads and writes usage events of Oracle BRM (Billing and Revenue Management) as its REST page GET /usage
// shows them: a bare array of TMF635 Usage objects. Source reads documents, Handler answers requests.
//
// Spelling: the page's sample and its schema, which is TMF635 version 4, name four members differently. Both are read,
// also side by side where they say the same; an answer is in the spelling of its route:
//
//	sample              schema
//	date                usageDate
//	type                usageType
//	taxExcludedAmount   taxExcludedRatingAmount
//	taxIncludedAmount   taxIncludedRatingAmount
//
// Documents of TMF635 version 5 are read, too: a party inside partyOrPartyRole, and product for productRef. An answer is in
// the names of version 4: the id, href, name and @referredType of such a party stand beside its role, as version 4 has them,
// and partyOrPartyRole stays; the product is productRef.
//
// Whose a record is: the roles of the relatedParty list say so, in whatever order the parties stand. Capitals, spaces,
// hyphens and underscores do not matter, and parties without an id do not count. The customer is the party of the first
// of these ranks that any has:
//
//	1  customer
//	2  account, billing account, account holder
//	3  payer
//	4  owner
//
// Where that rank has two ids the record has no customer; it is listed with both ids. The name is that of the same id,
// from the first rank that gives one.
//
// The line is named by the first phone number and the first id of brm's own among the parties of these roles, by rank,
// then by the text of the id; and by the first SIM card where there is no number:
//
//	1  msisdn
//	2  subscriber
//	3  line
//	4  user
//	5  service
//	6  subscription
//
// An msisdn has its country code, with or without a plus, and is never an id of brm's own. The other ids are read as
// db.ReadName does, with the region that is a setting. Texts that name nothing, such as a masked number, are passed over.
//
// A party of another role, such as a sales agent, is neither. The @referredType decides nothing, unless the list has one
// party and that has no role: where the type is one of the line's words it is the line, else the customer.
//
// Times carry their offset, with or without a colon. They are stored in UTC to the microsecond, the offset beside them, and
// come back as they came: the text of one that is written otherwise goes to the extension.
//
// Amounts: the two amounts of a price have one currency, which is that of either unit; a unit is read in capitals or not. An
// amount whose unit is no code of ISO 4217, such as MIN, is no amount of money: it has no currency, and it is kept in the
// extension. No value means anything special, and there is no quantity.
//
// Usage type: by the words of the event class in type (EventBillingProductFeeCycleCycle_forward_monthly, or the same
// as a path, /event/billing/product/fee/cycle/cycle_forward_monthly). The first of these that it has:
//
//	product fee cycle                        RECURRING
//	product fee purchase, product fee cancel ONE_OFF
//	sms...                                   SMS
//	mms...                                   MMS
//	gprs..., data...                         DATA
//	telco gsm..., telephony..., voice...     VOICE
//	otherwise                                OTHER
//
// status is one of TMF635's list, in capitals or not. href is not kept: it is made from the id when answering. Where
// @baseType, @type and @schemaLocation are not null they come first in the extension, then the members that TMF635
// does not have. A price's extension holds besides, under the sample's name of an amount, what that amount has other
// than a unit and a value, or these too where they are not the stored amount and the price's currency. Open parts (specification, characteristics,
// parties, product, bucket value) are stored as they came; an empty list is the same as none.
//
// The endpoint speaks as the sample below /brm/usageManagement/{version}/usage, and as the schema below
// /tmf-api/usageManagement/v4/usage (route.go). What was decided where the page is silent, and where it is done:
//
//	spelling.go  the names in both spellings; fields takes either, and always gives id and href
//	query.go     an unknown parameter is refused, and so is a field's name that is no documented filter; limit is 100
//	             and at most 1000; a + that became a space is turned back in dates, and an id is
//	             looked for with either; description.like takes
//	             % and * and is otherwise contained, whatever the case
//	answer.go    the reverse of decode.go and price.go. Without @type a record is as it came; @type=Usage leaves out
//	             what TMF635 does not have, @type=UsageOracle keeps it, and the answer's @type is the one asked for
//	encode.go    in the sample's spelling every key is written, null where there is nothing, but for the description,
//	             which the sample leaves out; in the schema's none that is null, since no type of it is nullable, but for
//	             the value that each characteristic has. A status has a capital in the sample, none in the schema
//	page.go      the three headers of a page; 206 where HandlerSettings say so; an offset past the end is an empty page
//	route.go     href is below HandlerSettings.PublicURL, else below what the request says; an id is escaped in it
//	problem.go   TMF630's error, with its codes
//	describe.go  the JSON Schema of a route's spelling, for anyone; a usage whose id is "describe" is found by ?id= alone
package brm
