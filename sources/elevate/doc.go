// Package elevate reads and writes the usage records of Elevate, a wholesale rating platform, in the format of its page
// GET /customer-usage-data: a bare array of objects with 31 fields.
//
// # Decoding a record
//
// Customer: customerId, a number. 0 is a valid customer.
//
// Subscription: serviceId. Digits are a phone number, national or international; the region of national numbers is a
// setting. 18 to 22 digits that begin with 89 are a SIM card number. Other text, such as a circuit id, is an id of
// Elevate. A number with an impossible length, such as 20018, identifies a subscription within Elevate only. A masked
// number, an emergency number or a placeholder identifies none.
//
// Times: eventDate has an offset, with or without a colon. It is stored in UTC to the microsecond, together with the
// offset; the text of a finer time is stored in the extension. loadedDate is a date.
//
// Units: dataQuantity is in megabytes, durationQuantity in seconds, oneOffQuantity in items, or in messages for a
// record of messages. All prices are in the currency of the platform, a setting. There are no sentinel values.
//
// Usage type: the page has no such field. The first matching row applies; callClass is stored as it came.
//
//	callClass has a word that begins with mms, picture     MMS
//	callClass has a word that begins with sms, text        SMS
//	dataQuantity is not 0                                  DATA
//	durationQuantity is not 0                              VOICE
//	callClass has a word that begins with recurring,
//	  rental, subscription                                 RECURRING
//	oneOffQuantity is not 0                                ONE_OFF
//	exactly one of the three quantities is given, as 0     that one's: DATA, VOICE or ONE_OFF
//	otherwise                                              OTHER
//
// A reversal has a quantity below 0, and therefore the type of the record that it reverses.
//
// Price: a record with any of the price fields has one price. sellPrice is the customer's price without tax, buyPrice
// the reseller's purchase price. Missing values are computed: profit is sellPrice - buyPrice, profitPercentage is
// profit / buyPrice x 100, marginPercentage is profit / sellPrice x 100, both rounded half-even to four places, and
// null where the divisor is 0 or null.
//
// productReference is a number or a string and is stored as text. Members that the page does not define are stored in
// the extension.
//
// # CSV
//
// A CSV document has a header with names of the 31 fields in any order. The page documents no CSV: names, units and
// formats are those of JSON, and an empty cell is null.
//
// # Endpoint
//
// Handler reproduces the page. An imported record is answered as the same JSON (encode.go is the reverse of decode.go),
// with these exceptions: eventDate is written in UTC without a fraction; a productReference that came as a string and
// reads as a number is written as a number; profit and percentages may be computed. Members that the page does not
// define follow the 31 fields, and are left out where the parameter fields selects some.
//
// Decisions where the page is silent, by file:
//
//	parameter.go   page and pageSize are required. An undocumented parameter, a parameter given twice (except the lists
//	               sort and fields) and one without a value are rejected with 400, so that a misspelt filter is noticed.
//	condition.go   like: is SQL LIKE, ignoring the case of A to Z, with the wildcards % and _ and no escape character.
//	               A pattern without % matches anywhere in the text. Values of in: cannot contain a comma. A time
//	               without an operator is inclusive, with lt: or gt: exclusive; all are valid in eventDateFrom and
//	               eventDateTo. Times are compared by whole seconds, as they are written. A space before a digit in
//	               serviceId and destination is an unescaped +.
//	handler.go     A client with a restricted scope gets 403 for the customerId of a customer outside it, whether that
//	               exists or not, and for sorting by a price that it may not see. Such a price is null in its records.
//	query.go       customerId, siteId and billRunId are integers. A zero-value record has a sellPrice of 0 or null.
//	               Without sort, records are in the order by first import. The Link headers of the next and the
//	               previous page are relative to the request.
//	field.go       Sort keys: numbers by value, text by bytes (productReference too), null last in both directions.
//	               The page's example sort=id,name is rejected: no record has a name.
//	problem.go     The format of errors.
//
// Pages use an offset: page n takes as long as reading the keys of n pages.
package elevate
