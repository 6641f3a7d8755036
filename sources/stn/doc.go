// Package stn reads and writes the monthly usage summaries of sTN, a mobile wholesaler, as its partner API
// GET /api/QueryUsageSubscription answers them: an envelope whose results are one summary per subscription and month.
//
// Whose a record is: customerId is the customer, subscriptionId the line's own id, digits alone included. phoneNumber and
// simCardNumber, where there is one, name the line's phone number and SIM card for the month. Numbers are read with the
// region that is a setting; a card has 18 to 22 digits that begin with 89. Masked as in the page's sample (06-****7640) a
// number names nothing; a simCardNumber that is no card, and a phoneNumber that is neither number nor card, neither. All
// are kept as they came. A subscriptionId that is a possible phone number with a plus, or a card, is no own id: it is the
// number or card where the summary's own field has none. One that is masked or a placeholder names nothing.
//
// Times: yearMonth (2025_01, also 2025-01) is a month in UTC. Whose number it was in that month is decided by the month
// in the time zone that is a setting.
//
// Bundles: the keys of a summary name a zone (Home, Eu, World) and a service (Voice, Data, Sms):
// quantityInBundleHomeVoice, usageHomeVoice, amountHomeVoice. Each pair that has any of the three is one bucket, named
// HomeVoice, valid for the month. Voice counts minutes, Data megabytes, Sms messages. A bundle of -1 is unlimited; the
// -1 is kept. What remains is the exact difference of bundle and usage, below 0 where more was used than the bundle
// held, and not known for an unlimited bundle.
//
// Usage type: the service's word: Voice is VOICE, Data DATA, Sms SMS.
//
// Lines: what volume counts is told by invoiceLineCode; the first of these that fits:
//
//	begins with INT_                                KILOBYTE   internet: INT_NAT, INT_WORLD
//	has SMS                                         MESSAGE    PRMSMS
//	begins with N_, has _MOB, _FIXED or VOICE       SECOND     calls: N_MOBKPN, N_FIXED
//	otherwise                                       not known
//
// Figures that a record came without are computed from its lines; those that it came with are kept:
//
//	volumeStr        2694 MB (KB / 1024, to whole MB), 03:28:22 (seconds), 1 stk (messages)
//	usageHomeVoice   the seconds of the lines N_... / 60, to 2 decimal places
//	usageHomeData    the kilobytes of the lines INT_NAT / 1024, to 6 significant digits
//
// All are rounded half-even, without trailing zeros. Amounts are in the one currency of the system, a setting. Members
// that the page does not have go to the extension of the summary or of the line.
//
// # The endpoint
//
// Handler answers as the page QueryUsageSubscription shows, by the conventions of ServiceStack's AutoQuery. These are the
// decisions, those of the project's shims.md and what follows from them, each with the place where it is made:
//
//   - parameter.go: the page's own parameters are read in any case, and empty values are no conditions. What is no list is
//     given once. An unknown name is passed over, but one that looks like a condition and is none is refused.
//   - query.go: no take is 100 records, more than 1,000 is 1,000. orderBy's keys come before orderByDesc's, a - turns
//     one; records without a value come last either way. HandlerSettings has the other ways.
//   - convention.go: each field of the answer, and simCardNumber, can be compared, by its bare name, its plural, or with
//     AutoQuery's words and signs before or after it. Conditions in different words all hold.
//   - condition.go: IsNull and IsNotNull need no value; IsNull=false is IsNotNull. A record without a value satisfies
//     IsNull alone.
//   - list.go: the lists of In, Between and plurals are JSV.
//   - compile.go: phoneNumber is compared without dashes and spaces by its bare name, In and NotEqualTo, and as it is
//     stored by the other words. yearMonth is a month, 2025_01 or 2025-01, but text as clients see it in StartsWith,
//     EndsWith, Contains and Like. Those ignore case, and are refused for what is not text; so is any comparison of
//     usageDetails.
//   - include.go: Total adds nothing to meta. A command that is no function is passed over; a function that cannot be
//     read or cannot take its field is refused, and one of no values is left out of meta. A value's key is the alias or
//     the call as it was written, without spaces in its brackets; of keys that differ in case alone the first stands.
//   - query.go, page.go: the fields after DISTINCT are answered once in each combination, and total counts combinations.
//     Numbers that are masked alike, and decimals that are equal, are one value. The order is by those fields alone.
//   - format.go, cell.go: the parameter format decides before the end of the path, and that before Accept. CSV has a
//     column for each selected field, and none for members that the page does not have; usageDetails is JSON in a cell.
//     A text that begins like a formula gets an apostrophe; numbers with a minus stay.
//   - answer.go: the phone number is masked, in meta too; one without a dash shows its last four digits alone.
//   - problem.go: an error's code is the name of its HTTP status, such as BadRequest.
//
// simCardNumber is compared with the card that the summary itself came with, and subscriptionId with its text.
//
// Two things of a document do not come back: simCardNumber, which sTN's answers do not have, and an empty usageDetails,
// which is left out like one that is missing.
package stn
