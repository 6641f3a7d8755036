// Package dxp reads usage consumption reports of the facade dxp-ux before an online charging system (Matrixx), as its
// page GET /dxp-ux/v1/{businessId}/usageConsumptionReport shows them: an array of one TMF677 report.
//
// Whose a record is: a report names no customer. The description names the line: "Usage Consumption Report for MSISDN
// 8201" or "... for SubscriptionId S-1001", in any case. A subscription id is the line's id in dxp, an MSISDN its phone
// number. The publicIdentifiers of a bucket's products do not identify it: a bucket may be for other lines too. The
// business unit is a setting. A report's id is its identifier and its time as it came: MSISDN:8201@2022-11-08T11:52:48.
//
// Times have no zone and belong to the market's, a setting; one that has a zone is taken at its word. A bound beyond
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
// Sentinels: "infinity", in any case, is unlimited, and there is no amount. 99999 and 999999 are unlimited, and the amount is kept:
// the page says the first, its sample shows the second. A bucket is unlimited where its AvailableAmount is one of them.
// What remains of a bucket is the balance whose IsCurrentPeriod is true, if it is exactly one.
//
// Characteristics (of a report, a bucket, a balance) and products are stored as they came; what has a column is read
// from them besides. To the extension goes the rest: an @type other than the page's constant, unknown members, and the
// text of a period's bound that the stored instant does not give back.
package dxp
