// Package dxp reads and writes usage consumption reports of the facade dxp-ux before an online charging system (Matrixx),
// as its page GET /dxp-ux/v1/{businessId}/usageConsumptionReport shows them: an array of one TMF677 report.
//
// # Reading
//
// Whose a record is: a report names no customer. The description names the line: "Usage Consumption Report for MSISDN
// 8201" or "... for SubscriptionId S-1001", in any case. An MSISDN is a phone number with
// its country code, with or without a plus, or a national one of the market. A number whose length is not possible, such
// as 8201, names a line within dxp alone; a masked number and a word name none. A subscription id is the line's own id in
// dxp, unless it is a possible number with a plus, a card, or a placeholder. The publicIdentifiers of a bucket's products do
// not identify the line: a bucket may be for other lines too. The market, which is the business id, is a setting.
//
// A report's id is its kind, its identifier and its instant in UTC: MSISDN:17875550009@2025-02-10T04:00:00Z. The
// identifier is the digits of a possible number, and otherwise the text as it came. So one report has one id, however its
// number and its time are spelled.
//
// Times have no zone and belong to the market's, a setting; one that has an offset is taken at its word. Where clocks are
// changed, a local time that occurs twice is the first of the two, and one that never occurs is read by the offset before the
// change. The text of these, and of what the stored instant does not give back, is kept, and is what an answer has. A bound beyond
// the years that UTC can be stored in, such as 9999-12-31T23:59:59 in the west, is an open one.
//
// Usage type: by the bucket's usageType, in any case.
//
//	Voice                                   VOICE
//	Data                                    DATA
//	Text, sms                               SMS
//	Picture, mms                            MMS
//	a currency's name or code               MONEY     the table is in money.go
//	otherwise                               OTHER
//
// Units: a bucket's is the first word of its balances' and then its counters' units that is known (minutes, megabytes:
// the table is in unit.go), else MESSAGE for SMS and MMS and CURRENCY for MONEY. A balance or counter without units, or
// with "none", counts in its bucket's; a word that is not known leaves its unit unknown. The word is kept.
//
// Sentinels: "infinity", in any case, is unlimited, and there is no amount. 999999 messages are unlimited, as in the page's
// sample, and the amount is kept. The page's 99999 is said of ThresholdLimit alone, which has no column. Any other number is
// a number. What remains of a bucket is the balance whose IsCurrentPeriod is true, if it is exactly one. A bucket is
// unlimited where its AvailableAmount is, or where that is absent, what remains of it.
//
// Characteristics (of a report, a bucket, a balance) and products are stored as they came; what has a column is read
// from them besides. To the extension goes the rest: an @type other than the page's constant, unknown members, and the
// text of a period's bound that the stored instant does not give back.
//
// # Answering
//
// Handler answers as the page does, with the latest report of what the query names. Where it is silent:
//
//   - Credentials are looked at first (401), then businessId (400, or 404 for a market that is not served), then PR's
//     headers and the query (400). businessId, the headers' values and the type may be in any case. A query parameter
//     that is not documented is ignored, as Mule does.
//   - A number stands for its latest holder, of all customers' records (db.Reader.LatestReport): what is answered is the
//     latest report by that number that belongs to the holder, or an unattributed one that is later than all records of
//     the holder, or else the latest by a subscription id of the holder's subscription, of a time in which it held the
//     number. A report by another number is never answered. What the client may not see is not found.
//   - A report belongs to the market that it was imported for, and is not found in another.
//   - A phone number may be written with separators, with its country code or as a national one of the market; a + that
//     arrived as a space is turned back. The description repeats the identifier as it was asked.
//   - A report without buckets has an empty array of them. What the source left out is left out elsewhere.
//
// Its quirks: a 401 that speaks of 404, and the 404 of a method, are in refuse (problem.go), the other path that the
// latter names in onlyReads; "infinity" is in Quantity.with, the times without zone are in local (answer.go); a missing
// bucketBalance and missing units are what omitzero makes of nothing (report.go).
package dxp
