package dxp

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/demo"
)

// report returns the report of a subscription. Three of four subscriptions are prepaid.
func (d *demoReports) report(subscription int) *Report {
	r := d.Random(reportTopic, subscription)
	at := d.Until.Add(-time.Duration(1+r.Below(16*3600)) * time.Second)
	number := demo.Phone(subscription)
	cycleStart := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	cycleEnd := cycleStart.AddDate(0, 1, 0)
	report := &Report{
		Description:   new("Usage Consumption Report for MSISDN " + number),
		EffectiveDate: new(local(at)),
		Type:          new(reportType),
		Characteristic: demoCharacteristics{
			{"Monthly", "BillingCycleId"},
			{strconv.Itoa(r.Between(1, 24)), "BillingIntervalId"},
			{strconv.Itoa(int(cycleEnd.Sub(cycleStart).Hours() / 24)), "BillingCycleDuration"},
			{strconv.Itoa(r.Between(1, 28)), "BillingCycleOffset"},
			{local(cycleStart), "BillingCycleStartTime"},
			{local(cycleEnd), "BillingCycleEndTime"},
		}.encode(),
	}
	if subscription%16 == 8 {
		report.Bucket = []*Bucket{postpaidBalance()}
	} else {
		report.Bucket = prepaidBuckets(&r, at)
	}
	for _, b := range report.Bucket {
		b.IsShared, b.Type = new(false), new(bucketType)
		b.Product = marshalPart([]product{{&number}})
	}
	return report
}

func postpaidBalance() *Bucket {
	return &Bucket{
		ID: new("1"), Name: new("Postpaid Balance"), UsageType: new("United States dollar"),
		Characteristic: demoCharacteristics{
			{infinity, "AvailableAmount"}, {infinity, "CreditLimit"}, {"false", "IsCreateExternalPaymentRequest"},
			{"false", "IsPeriodic"}, {"false", "IsPrepaid"}, {"false", "IsPrivate"}, {"false", "IsVirtual"},
			{"0", "ReservedAmount"}, {infinity, "ThresholdLimit"},
		}.encode(),
		BucketCounter: []*BucketCounter{
			demoCounter(creditLimit, "Notify_Gross,Notify_IncrEq,Notify_DecrEq", `"`+infinity+`"`, "none", "Limit"),
		},
	}
}

// prepaidBuckets returns the money balance and the allowances of a prepaid subscription at a time, which is in their
// second period.
func prepaidBuckets(r *demo.Random, at time.Time) []*Bucket {
	day := at.Truncate(24*time.Hour).AddDate(0, 0, -r.Between(periodDays, 2*periodDays-1))
	bought := day.Add(time.Duration(r.Below(24*3600)) * time.Second)
	buckets := []*Bucket{prepaidBalance(r, bought)}
	for _, a := range allowances {
		buckets = append(buckets, a.bucket(r, bought))
	}
	return buckets
}

func prepaidBalance(r *demo.Random, bought time.Time) *Bucket {
	return &Bucket{
		ID: new("1"), Name: new("Prepaid Balance"), UsageType: new("United States dollar"),
		Characteristic: demoCharacteristics{
			{drawDollars(r), "AvailableAmount"}, {local(bought), "StartTime"},
			{"0", "CreditLimit"}, {"false", "IsCreateExternalPaymentRequest"}, {"false", "IsPeriodic"}, {"true", "IsPrepaid"},
			{"false", "IsPrivate"}, {"false", "IsVirtual"}, {"0", "ReservedAmount"},
			{drawDollars(r), "ThresholdLimit"},
		}.encode(),
		BucketCounter: []*BucketCounter{
			demoCounter(creditLimit, "Notify_Gross", "0", "none", "Limit"),
			demoCounter(availableThreshold, notifyAll, "20", "none", "20Absolute #514"),
			demoCounter(availableThreshold, notifyAll, "0", "none", "ZeroAbsolute #515"),
		},
	}
}

func drawDollars(r *demo.Random) string {
	return string(demo.AppendDecimal(nil, r.Below(30_000), 2, 0))
}

// demoCharacteristics are the characteristics of an object, with the members in the sample's order.
type demoCharacteristics []struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

func (c demoCharacteristics) encode() jsontext.Value { return marshalPart(c) }

// local formats a local time.
func local(t time.Time) string { return t.Format(localForm) }
