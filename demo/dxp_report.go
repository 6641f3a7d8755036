package demo

import (
	"strconv"
	"time"
)

const infinity = "infinity"

// report makes a line's report, of the last day of the set. Of four reports three are of lines that have paid in advance.
func (w *world) report(line int) report {
	r := w.random(ofReport, line)
	at := w.Until.Add(-time.Duration(1+r.below(16*3600)) * time.Second)
	number := phone(line)
	cycle := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	end := cycle.AddDate(0, 1, 0)
	d := report{
		Description:   "Usage Consumption Report for MSISDN " + number,
		EffectiveDate: local(at),
		Type:          "UsageConsumptionReport",
		Characteristic: []characteristic{
			{"Monthly", "BillingCycleId"},
			{strconv.Itoa(r.between(1, 24)), "BillingIntervalId"},
			{strconv.Itoa(int(end.Sub(cycle).Hours() / 24)), "BillingCycleDuration"},
			{strconv.Itoa(r.between(1, 28)), "BillingCycleOffset"},
			{local(cycle), "BillingCycleStartTime"},
			{local(end), "BillingCycleEndTime"},
		},
	}
	if line%16 == 8 {
		d.Bucket = []bucket{postpaid()}
	} else {
		d.Bucket = prepaid(&r, at)
	}
	for i := range d.Bucket {
		b := &d.Bucket[i]
		b.Type, b.Product = "BucketBalance", []publicID{{number}}
	}
	return d
}

func postpaid() bucket {
	return bucket{
		ID: "1", Name: "Postpaid Balance", UsageType: "United States dollar",
		Characteristic: []characteristic{
			{infinity, "AvailableAmount"}, {infinity, "CreditLimit"}, {"false", "IsCreateExternalPaymentRequest"},
			{"false", "IsPeriodic"}, {"false", "IsPrepaid"}, {"false", "IsPrivate"}, {"false", "IsVirtual"},
			{"0", "ReservedAmount"}, {infinity, "ThresholdLimit"},
		},
		Counter: []counter{{"Threshold_credit_limit", "Notify_Gross,Notify_IncrEq,Notify_DecrEq", quantity{infinity, "none"}, "Limit"}},
	}
}

// prepaid makes the balance of money and the allowances of a line whose current period runs at a time.
func prepaid(r *random, at time.Time) []bucket {
	day := at.Truncate(24*time.Hour).AddDate(0, 0, -r.between(term, 2*term-1))
	bought := day.Add(time.Duration(r.below(24*3600)) * time.Second)
	list := []bucket{wallet(r, bought)}
	for _, a := range allowances {
		list = append(list, a.bucket(r, bought))
	}
	return list
}

// wallet makes a balance of money in dollars.
func wallet(r *random, bought time.Time) bucket {
	return bucket{
		ID: "1", Name: "Prepaid Balance", UsageType: "United States dollar",
		Characteristic: []characteristic{
			{dollars(r), "AvailableAmount"}, {local(bought), "StartTime"},
			{"0", "CreditLimit"}, {"false", "IsCreateExternalPaymentRequest"}, {"false", "IsPeriodic"}, {"true", "IsPrepaid"},
			{"false", "IsPrivate"}, {"false", "IsVirtual"}, {"0", "ReservedAmount"},
			{dollars(r), "ThresholdLimit"},
		},
		Counter: []counter{
			{creditLimit, "Notify_Gross", quantity{0, "none"}, "Limit"},
			{availableAmount, notifyAll, quantity{20, "none"}, "20Absolute #514"},
			{availableAmount, notifyAll, quantity{0, "none"}, "ZeroAbsolute #515"},
		},
	}
}

// dollars draws an amount of money.
func dollars(r *random) string { return string(appendDecimal(nil, r.below(30_000), 2, 0)) }
