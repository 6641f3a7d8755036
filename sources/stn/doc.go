// Package stn reads the monthly usage summaries of sTN, a mobile wholesaler, as its partner API
// GET /api/QueryUsageSubscription answers them: an envelope whose results are one summary per subscription and month.
//
// Whose a record is: customerId is the customer, subscriptionId the line. phoneNumber is a name of the line too, as it
// came: masked as in the page's sample (06-****7640) it identifies nothing. So is simCardNumber, where there is one.
//
// Times: yearMonth (2025_01, also 2025-01) is a month in UTC.
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
package stn
