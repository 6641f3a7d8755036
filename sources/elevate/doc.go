// Package elevate reads the usage records of Elevate, a wholesale rating platform, as its page
// GET /customer-usage-data shows them: a bare array of objects with 31 fields.
//
// Whose a record is: customerId, a number (0 is a customer like any other), is the customer. serviceId is the line:
// its id in elevate, and a phone number besides where it reads as one. It does so when it starts with + or 0 and has 8
// to 15 digits, separators aside; a circuit number such as 20018 is no phone number.
//
// Times: eventDate carries its offset. It is stored in UTC, the offset beside it. loadedDate is a day.
//
// Units: dataQuantity counts megabytes, durationQuantity seconds, oneOffQuantity items, or messages where the record
// is one of messages. The prices are in the one currency of the platform, a setting. No value means anything special.
//
// Usage type: the page has no such field. It is the first of these that holds; callClass is kept as the source's word.
//
//	callClass has a word that begins with mms, picture     MMS
//	callClass has a word that begins with sms, text        SMS
//	dataQuantity is more than 0                            DATA
//	durationQuantity is more than 0                        VOICE
//	callClass has a word that begins with recurring,
//	  rental, subscription                                 RECURRING
//	oneOffQuantity is more than 0                          ONE_OFF
//	otherwise                                              OTHER
//
// Price: a record with any of the price fields has one price; sellPrice is what the customer pays without tax,
// buyPrice what the reseller pays. What is missing of these is computed: profit is sellPrice - buyPrice,
// profitPercentage is profit / buyPrice x 100, marginPercentage profit / sellPrice x 100, both rounded half-even to
// four places, and unknown where the divisor is 0 or unknown.
//
// productReference is a number or a string and is kept as its text. Members that the page does not have go to the
// extension.
package elevate
