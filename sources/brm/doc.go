// Package brm reads and writes the usage events of Oracle BRM (Billing and Revenue Management) in the format of its
// REST page GET /usage: a bare array of TMF635 Usage objects. Source decodes documents, Handler answers requests.
//
// # Decoding a usage
//
// Member names: the page's sample and its schema, which is TMF635 version 4, differ in four names. Both are accepted,
// also side by side with equal values. A response uses the names of its route:
//
//	sample              schema
//	date                usageDate
//	type                usageType
//	taxExcludedAmount   taxExcludedRatingAmount
//	taxIncludedAmount   taxIncludedRatingAmount
//
// Documents of TMF635 version 5 are accepted too: a party inside partyOrPartyRole, and product for productRef.
// Responses use the names of version 4: the id, href, name and @referredType of such a party are next to its role,
// where version 4 has them, and partyOrPartyRole remains; the product is productRef.
//
// Customer and subscription: by the roles in the relatedParty list, in any order of the parties. Case, spaces, hyphens
// and underscores of a role are ignored, and so are parties without an id. The customer is the party with the first of
// these ranks:
//
//	1  customer
//	2  account, billing account, account holder
//	3  payer
//	4  owner
//
// If that rank has two ids, the record has no customer and is listed with both ids. The name is the first one by rank
// of the parties with the same id.
//
// The subscription is identified by the first phone number and the first id of BRM among the parties of these roles, by
// rank, then by the text of the id; without a phone number also by the first SIM card number:
//
//	1  msisdn
//	2  subscriber
//	3  line
//	4  user
//	5  service
//	6  subscription
//
// An msisdn has its country code, with or without a plus, and is never an id of BRM. Other ids are parsed by
// db.ReadName, with the region that is a setting. Text that identifies nothing, such as a masked number, is skipped.
//
// A party of another role, such as a sales agent, is ignored. The @referredType is used only where the list has a
// single party without a role: a type that is one of the subscription's roles makes it the subscription, any other the
// customer.
//
// Times have an offset, with or without a colon. They are stored in UTC to the microsecond, together with the offset,
// and are answered as they came: text in another format is stored in the extension.
//
// Amounts: the two amounts of a price have one currency, the unit of either in upper or lower case. An amount whose
// unit is not an ISO 4217 code, such as MIN, is not money: it has no currency and is stored in the extension. There are
// no sentinel values and no quantities.
//
// Usage type: by the words of the event class in type (EventBillingProductFeeCycleCycle_forward_monthly, or the path
// /event/billing/product/fee/cycle/cycle_forward_monthly). The first matching row applies:
//
//	product fee cycle                        RECURRING
//	product fee purchase, product fee cancel ONE_OFF
//	sms...                                   SMS
//	mms...                                   MMS
//	gprs..., data...                         DATA
//	telco gsm..., telephony..., voice...     VOICE
//	otherwise                                OTHER
//
// The setting brm-quantities says which characteristics are the duration, the volume and the number of items
// (quantity.go). A value that is not a decimal, or not exact in the stored unit, is no quantity.
//
// status is a value of TMF635, in upper or lower case. href is not stored: responses compute it from the id.
//
// Extension: @baseType, @type and @schemaLocation where they are not null, then the members that TMF635 does not
// define. The extension of a price also has, under the sample's name of an amount, the amount's members other than unit
// and value, and these two where they differ from the stored amount and the price's currency. Open parts
// (specification, characteristics, parties, product, bucket value) are stored as they came; an empty list is stored as
// null.
//
// # Endpoint
//
// Below /brm/usageManagement/{version}/usage, responses have the format of the page's sample; below
// /tmf-api/usageManagement/v4/usage, of its schema (route.go). Decisions where the page is silent, by file:
//
//	member_names.go  Names in both formats. fields accepts either, and always includes id and href.
//	query.go         Unknown parameters and undocumented filters are rejected. limit defaults to 100
//	                 and is at most 1000. A space in a date is an unescaped +; an id is looked up with both characters.
//	                 description.like has the wildcards % and *, matches anywhere without one, and ignores case.
//	encode.go        The reverse of decode.go and price.go. Without @type a record is answered as it came. @type=Usage
//	                 leaves out what TMF635 does not define, @type=UsageOracle keeps it; both set @type in the response.
//	json_encoder.go  In the sample's format every member is written, as null where it has no value, except description,
//	                 which the sample leaves out. In the schema's format null members are left out, because none of its
//	                 types is nullable, except value in characteristics. A status is capitalised in the sample only.
//	page.go          The headers of a page. Status 206 where HandlerSettings say so. Past the end a page is empty.
//	route.go         href begins with HandlerSettings.PublicURL, or the request's scheme and host. Its id is escaped.
//	problem.go       The errors of TMF630, with its codes.
//	describe.go      The JSON Schema of a route, without authentication. An id "describe" is found by ?id= only.
package brm
