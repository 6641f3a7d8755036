// Package elevate reads and writes the usage records of Elevate, a wholesale rating platform, as its page
// GET /customer-usage-data shows them: a bare array of objects with 31 fields.
//
// # What a record means
//
// Whose a record is: customerId, a number (0 is a customer like any other), is the customer. serviceId names the
// line: digits are a phone number, national ones of the region that is a setting; 18 to 22 digits that begin with 89 are
// a SIM card; any other text, such as a circuit id, is an id of elevate's own. A number whose length no phone number has,
// such as 20018, names a line within elevate alone. A masked number, an emergency number or a placeholder names none.
//
// Times: eventDate carries its offset, with or without a colon. It is stored in UTC to the microsecond, the offset beside it;
// the text of a finer one goes to the extension. loadedDate is a day.
//
// Units: dataQuantity counts megabytes, durationQuantity seconds, oneOffQuantity items, or messages where the record
// is one of messages. The prices are in the one currency of the platform, a setting. No value means anything special.
//
// Usage type: the page has no such field. It is the first of these that holds; callClass is kept as the source's word.
//
//	callClass has a word that begins with mms, picture     MMS
//	callClass has a word that begins with sms, text        SMS
//	dataQuantity is not 0                                  DATA
//	durationQuantity is not 0                              VOICE
//	callClass has a word that begins with recurring,
//	  rental, subscription                                 RECURRING
//	oneOffQuantity is not 0                                ONE_OFF
//	one of the three quantities is given, and it is 0      that one's: DATA, VOICE or ONE_OFF
//	otherwise                                              OTHER
//
// A reversal has a quantity below 0, and so the type of the record that it reverses.
//
// Price: a record with any of the price fields has one price; sellPrice is what the customer pays without tax,
// buyPrice what the reseller pays. What is missing of these is computed: profit is sellPrice - buyPrice,
// profitPercentage is profit / buyPrice x 100, marginPercentage profit / sellPrice x 100, both rounded half-even to
// four places, and unknown where the divisor is 0 or unknown.
//
// productReference is a number or a string and is kept as its text. Members that the page does not have go to the
// extension.
//
// # How the page is answered
//
// Handler reproduces the page. A record that came in goes out as the same JSON (answer.go undoes decode.go), but for:
// an eventDate, which is written in UTC without a fraction; a productReference that came as a string and reads as a
// number, which is written as one; profit and percentages that were computed. Members that the page does not have come
// after the 31, and not at all where fields chooses.
//
// What the page leaves open, and where it is decided:
//
//	parameter.go   page and pageSize must be given. What is not documented, given twice (but for the lists sort and
//	               fields) or without a value is refused with 400, so that no misspelt filter vanishes.
//	condition.go   like: is SQL's, a to z as A to Z, with the wildcards % and _ and no escape: \ is one like any other
//	               character. A pattern without % is sought anywhere. in: cannot hold a value with a comma. A time alone
//	               is included, one after lt: or gt: is not; both stand in eventDateFrom and eventDateTo alike. Times
//	               are compared by whole seconds, as they are written. A space before a digit in serviceId and
//	               destination is a + that was not escaped.
//	handler.go     to a client that does not see every customer, customerId of one whom it does not see is 403, whether
//	               there is one or not; so is sort by a price that it may not see, which is null in its records.
//	query.go       customerId, siteId and billRunId are whole numbers. A record of no value has a sellPrice of 0 or none.
//	               With no sort, records stand as they first came in. Link headers lead to the next and the previous
//	               page, relative to the request.
//	field.go       what a field is sorted by: numbers by value, text byte by byte (productReference, too), null last
//	               whichever way. The page's example sort=id,name is refused: no record has a name.
//	problem.go     the shape of errors.
//
// A page is found by passing over those before it: page n costs what reading n pages of keys costs.
package elevate
