// Package stn reads and writes the monthly usage summaries of sTN, a mobile wholesaler, in the format of its partner
// API GET /api/QueryUsageSubscription: an envelope whose results are one summary per subscription and month.
//
// # Decoding a summary
//
// Customer and subscription: customerId is the customer, subscriptionId the id of the subscription in sTN, also where
// it is digits only. phoneNumber and simCardNumber are the phone number and SIM card number of the subscription in that
// month. Phone numbers are parsed with the region that is a setting; a SIM card number has 18 to 22 digits that begin
// with 89. A number that is masked as in the page's sample (06-****7640) identifies nothing, and neither does a
// simCardNumber that is not a SIM card number, or a phoneNumber that is neither. All are stored as they came. A
// subscriptionId that is a possible phone number with a plus, or a SIM card number, is used as such where the summary
// has none, and is not an id. A masked one or a placeholder identifies nothing.
//
// Times: yearMonth (2025_01, also 2025-01) is a month in UTC. The holder of a number in that month is determined by the
// month in the time zone that is a setting.
//
// Bundles: the keys of a summary contain a zone (Home, Eu, World) and a service (Voice, Data, Sms):
// quantityInBundleHomeVoice, usageHomeVoice, amountHomeVoice. Each pair with any of the three is a bucket, with the id
// HomeVoice, valid for the month. Voice is in minutes, Data in megabytes, Sms in messages. A bundle of -1 is unlimited,
// and the -1 is stored. The remaining amount is the exact difference of bundle and usage. It is negative where more was
// used, and null for an unlimited bundle.
//
// Usage type: by the service. Voice is VOICE, Data is DATA, Sms is SMS.
//
// Lines: the unit of volume depends on invoiceLineCode. The first matching row applies:
//
//	begins with INT_                                KILOBYTE   internet: INT_NAT, INT_WORLD
//	contains SMS                                    MESSAGE    PRMSMS
//	begins with N_, contains _MOB, _FIXED or VOICE  SECOND     calls: N_MOBKPN, N_FIXED
//	otherwise                                       null
//
// Missing values are computed from the lines; given values are kept:
//
//	volumeStr        2694 MB (KB / 1024, to whole MB), 03:28:22 (seconds), 1 stk (messages)
//	usageHomeVoice   the seconds of the lines N_... / 60, to 2 decimal places
//	usageHomeData    the kilobytes of the lines INT_NAT / 1024, to 6 significant digits
//
// All are rounded half-even, without trailing zeros. Amounts are in the currency of the system, a setting. Members that
// the page does not define are stored in the extension of the summary or of the line.
//
// # Endpoint
//
// Handler answers as the page QueryUsageSubscription shows, by the conventions of ServiceStack's AutoQuery. Decisions
// where the page is silent, by file:
//
//   - parameter.go: the page's own parameters are case-insensitive, and empty values are ignored. Only lists can be
//     given more than once. An unknown parameter is ignored, but one that looks like a filter is rejected.
//   - query.go: take defaults to 100, and more than 1,000 is 1,000. orderBy's keys come before orderByDesc's, and a -
//     reverses a key; records without a value are last in both directions. HandlerSettings has alternatives.
//   - implicit_convention.go: a filter is the name of a field of the response, or simCardNumber, alone, in its plural,
//     or with one of AutoQuery's words and signs before or after it. All filters must match.
//   - condition.go: IsNull and IsNotNull need no value; IsNull=false is IsNotNull. A record without a value matches
//     IsNull only.
//   - jsv.go: the lists of In, Between and plurals are in JSV, ServiceStack's text format.
//   - filter.go: phoneNumber is compared without dashes and spaces by its bare name, In and NotEqualTo, and as stored
//     by other words. yearMonth is a month, 2025_01 or 2025-01, but text in the form 2025_01 for StartsWith, EndsWith,
//     Contains and Like. These four ignore case and are rejected for other than text fields; usageDetails has no
//     filters.
//   - aggregate.go: Total adds nothing to meta. A command of include that is not a function is ignored; an invalid
//     function, or one that does not apply to its field, is rejected. A function without a result is left out of meta.
//     The key of a result is the alias or the call as the client wrote it, without spaces in the brackets; of keys that
//     differ only in case the first is kept.
//   - query.go, page.go: with DISTINCT, each combination of the fields is returned once, and total counts combinations.
//     Phone numbers that are masked alike are one value, and so are equal decimals. The order is by these fields only.
//   - content_negotiation.go, csv.go: the parameter format takes precedence over the extension of the path, and that
//     over Accept. CSV has a column for each selected field, and none for members that the page does not define;
//     usageDetails is a cell of JSON. Text that begins like a formula gets an apostrophe; negative numbers do not.
//   - encode.go: the phone number is masked, also in meta; of one without a dash only the last four digits are shown.
//   - problem.go: the code of an error is the name of its HTTP status, such as BadRequest.
//
// simCardNumber is compared with the SIM card number of the summary's document, and subscriptionId with its text.
//
// Two members of a document are not in responses: simCardNumber, which the page does not show, and an empty
// usageDetails, which is treated as a missing one.
package stn
