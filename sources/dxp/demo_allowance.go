package dxp

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/demo"
)

// The types of counters.
const (
	creditLimit        = "Threshold_credit_limit"
	availableThreshold = "Threshold_available_amount"
	consumedThreshold  = "Threshold_consumed_amount"
)

// notifyAll is the level of counters that notify of all changes.
const notifyAll = "Notify_Gross,Notify_BalIncr,Notify_IncrEq"

// demoAllowance is a periodic allowance of a prepaid subscription.
type demoAllowance struct {
	id, name, usageType, units string
	// limits are the possible amounts for a period.
	limits   []int
	private  bool
	counters []*BucketCounter
}

// unlimitedLimit is the limit of an unlimited number of messages.
const unlimitedLimit = 999_999

var allowances = []demoAllowance{
	{"7", "Included Minutes - Prepaid", "Voice", "minutes", []int{500, 1000, 2500}, false, []*BucketCounter{
		demoCounter(creditLimit, "Notify_Gross", "0", "minutes", "Bal"),
		demoCounter(availableThreshold, "Notify_Gross", "100", "minutes", "recurring minutes threshold"),
	}},
	{"8", "Included SMS - Prepaid", "Text", "", []int{unlimitedLimit}, false, []*BucketCounter{
		demoCounter(creditLimit, "Notify_Gross", "0", "none", "Bal"),
	}},
	{"9", "Included Data - Prepaid", "Data", "megabytes", []int{4096, 8192, 20480}, true, []*BucketCounter{
		demoCounter(creditLimit, "Notify_Gross", "0", "megabytes", "Bal"),
		demoCounter(availableThreshold, "Notify_Gross", "100", "megabytes", "recurring data threshold"),
		demoCounter(consumedThreshold, notifyAll, "75", "megabytes", "75Percent #501"),
		demoCounter(consumedThreshold, notifyAll, "90", "megabytes", "90Percent #502"),
		demoCounter(consumedThreshold, notifyAll, "100", "megabytes", "100Percent #503"),
		demoCounter(availableThreshold, notifyAll, "0", "megabytes", "Bal_Zero"),
	}},
	{"10", "HotSpot Data - Prepaid", "Data", "megabytes", []int{4096}, true, []*BucketCounter{
		demoCounter(creditLimit, "Notify_Gross", "0", "megabytes", "bal"),
	}},
	{"11", "DataPrioritization Balance - Prepaid", "Data", "megabytes", []int{0}, true, []*BucketCounter{
		demoCounter(creditLimit, "Notify_Gross", "0", "megabytes", "bal"),
		demoCounter(consumedThreshold, notifyAll, "75", "megabytes", "75Percent"),
		demoCounter(consumedThreshold, notifyAll, "90", "megabytes", "90Percent"),
		demoCounter(consumedThreshold, notifyAll, "100", "megabytes", "100Percent"),
	}},
	{"12", "Included MMS - Prepaid", "Picture", "", []int{unlimitedLimit}, false, []*BucketCounter{
		demoCounter(creditLimit, "Notify_Gross", "0", "none", "Bal"),
	}},
}

func demoCounter(counterType, level, amount, units, name string) *BucketCounter {
	return &BucketCounter{
		CounterType: &counterType,
		Level:       &level,
		Value:       &Quantity{Amount: jsontext.Value(amount), Units: &units},
		ValueName:   &name,
	}
}

// periodDays is the length of the period of an allowance, in days.
const periodDays = 30

// bucket returns the bucket of an allowance that was bought at a time. It has the balances of three periods: the first
// one, the current one and the next one.
func (a demoAllowance) bucket(r *demo.Random, bought time.Time) *Bucket {
	limit := demo.Pick(r, a.limits)
	limits := [...]int{limit, limit, 0}
	remaining := limits
	if limit != unlimitedLimit {
		remaining[0], remaining[1] = r.Between(0, limit), r.Between(0, limit)
	}
	day := bought.Truncate(24 * time.Hour)
	b := &Bucket{
		ID: &a.id, Name: &a.name, UsageType: &a.usageType,
		Characteristic: demoCharacteristics{
			{strconv.Itoa(remaining[1]), "AvailableAmount"}, {local(bought), "BalanceStartTime"},
			{local(day.AddDate(0, 0, periodDays)), "StartTime"}, {local(day.AddDate(0, 0, 2*periodDays)), "EndTime"},
			{"0", "CreditLimit"}, {"false", "IsBillingCyclePeriodic"}, {"false", "IsCompositeMeter"},
			{"false", "IsCreateExternalPaymentRequest"}, {"false", "IsOnDemand"}, {"true", "IsPeriodic"}, {"true", "IsPrepaid"},
			{strconv.FormatBool(a.private), "IsPrivate"}, {"true", "IsPurchasedItemCyclePeriodic"}, {"false", "IsRenewable"},
			{"false", "IsVirtual"}, {"0", "ReservedAmount"}, {strconv.Itoa(limit), "ThresholdLimit"},
		}.encode(),
		BucketCounter: a.counters,
	}
	for i, amount := range remaining {
		b.BucketBalance = append(b.BucketBalance, a.balance(day.AddDate(0, 0, i*periodDays), amount, limits[i], i == 1))
	}
	return b
}

// balance returns the balance of the period that begins on a day.
func (a demoAllowance) balance(day time.Time, amount, limit int, current bool) *BucketBalance {
	text := strconv.Itoa(amount)
	value := &Quantity{Amount: jsontext.Value(text)}
	if a.units != "" {
		text += " " + a.units
		value.Units = &a.units
	}
	return &BucketBalance{
		RemainingValueName: &text,
		RemainingValue:     value,
		ValidFor:           &Period{StartDateTime: new(local(day)), EndDateTime: new(local(day.AddDate(0, 0, periodDays)))},
		Characteristic: demoCharacteristics{
			{strconv.Itoa(limit), "ThresholdLimit"}, {"0", "ReservedAmount"}, {strconv.FormatBool(current), "IsCurrentPeriod"},
		}.encode(),
	}
}
