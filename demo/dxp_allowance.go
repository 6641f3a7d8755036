package demo

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

const (
	creditLimit     = "Threshold_credit_limit"
	availableAmount = "Threshold_available_amount"
	consumedAmount  = "Threshold_consumed_amount"
	notifyAll       = "Notify_Gross,Notify_BalIncr,Notify_IncrEq"
)

// allowance is what a prepaid line gets for each 30 days.
type allowance struct {
	id, name, usageType, units string
	// limits are what there may be of it; endless is never used up.
	limits   []int
	private  bool
	counters []counter
}

// endless is dxp's number for what does not end.
const endless = 999_999

var allowances = []allowance{
	{"7", "Included Minutes - Prepaid", "Voice", "minutes", []int{500, 1000, 2500}, false, []counter{
		{creditLimit, "Notify_Gross", quantity{0, "minutes"}, "Bal"},
		{availableAmount, "Notify_Gross", quantity{100, "minutes"}, "recurring minutes threshold"},
	}},
	{"8", "Included SMS - Prepaid", "Text", "", []int{endless}, false, []counter{
		{creditLimit, "Notify_Gross", quantity{0, "none"}, "Bal"},
	}},
	{"9", "Included Data - Prepaid", "Data", "megabytes", []int{4096, 8192, 20480}, true, []counter{
		{creditLimit, "Notify_Gross", quantity{0, "megabytes"}, "Bal"},
		{availableAmount, "Notify_Gross", quantity{100, "megabytes"}, "recurring data threshold"},
		{consumedAmount, notifyAll, quantity{75, "megabytes"}, "75Percent #501"},
		{consumedAmount, notifyAll, quantity{90, "megabytes"}, "90Percent #502"},
		{consumedAmount, notifyAll, quantity{100, "megabytes"}, "100Percent #503"},
		{availableAmount, notifyAll, quantity{0, "megabytes"}, "Bal_Zero"},
	}},
	{"10", "HotSpot Data - Prepaid", "Data", "megabytes", []int{4096}, true, []counter{
		{creditLimit, "Notify_Gross", quantity{0, "megabytes"}, "bal"},
	}},
	{"11", "DataPrioritization Balance - Prepaid", "Data", "megabytes", []int{0}, true, []counter{
		{creditLimit, "Notify_Gross", quantity{0, "megabytes"}, "bal"},
		{consumedAmount, notifyAll, quantity{75, "megabytes"}, "75Percent"},
		{consumedAmount, notifyAll, quantity{90, "megabytes"}, "90Percent"},
		{consumedAmount, notifyAll, quantity{100, "megabytes"}, "100Percent"},
	}},
	{"12", "Included MMS - Prepaid", "Picture", "", []int{endless}, false, []counter{
		{creditLimit, "Notify_Gross", quantity{0, "none"}, "Bal"},
	}},
}

// term is for how many days an allowance is given.
const term = 30

// bucket makes a line's bucket of an allowance that it first got at a time: the period before this, this and the next.
func (a allowance) bucket(r *random, bought time.Time) bucket {
	limit := pick(r, a.limits)
	given := []int{limit, limit, 0}
	left := slices.Clone(given)
	if limit != endless {
		left[0], left[1] = r.between(0, limit), r.between(0, limit)
	}
	day := bought.Truncate(24 * time.Hour)
	b := bucket{
		ID: a.id, Name: a.name, UsageType: a.usageType,
		Characteristic: []characteristic{
			{strconv.Itoa(left[1]), "AvailableAmount"}, {local(bought), "BalanceStartTime"},
			{local(day.AddDate(0, 0, term)), "StartTime"}, {local(day.AddDate(0, 0, 2*term)), "EndTime"},
			{"0", "CreditLimit"}, {"false", "IsBillingCyclePeriodic"}, {"false", "IsCompositeMeter"},
			{"false", "IsCreateExternalPaymentRequest"}, {"false", "IsOnDemand"}, {"true", "IsPeriodic"}, {"true", "IsPrepaid"},
			{strconv.FormatBool(a.private), "IsPrivate"}, {"true", "IsPurchasedItemCyclePeriodic"}, {"false", "IsRenewable"},
			{"false", "IsVirtual"}, {"0", "ReservedAmount"}, {strconv.Itoa(limit), "ThresholdLimit"},
		},
		Counter: a.counters,
	}
	for i, amount := range left {
		b.Balance = append(b.Balance, a.balance(day.AddDate(0, 0, i*term), amount, given[i], i == 1))
	}
	return b
}

// balance makes the balance of the period that begins on a day; limit is what was given for it.
func (a allowance) balance(day time.Time, amount, limit int, current bool) balance {
	name := strconv.Itoa(amount)
	if a.units != "" {
		name = fmt.Sprintf("%d %s", amount, a.units)
	}
	return balance{
		RemainingValueName: name,
		RemainingValue:     quantity{amount, a.units},
		ValidFor:           validity{local(day), local(day.AddDate(0, 0, term))},
		Characteristic: []characteristic{
			{strconv.Itoa(limit), "ThresholdLimit"}, {"0", "ReservedAmount"}, {strconv.FormatBool(current), "IsCurrentPeriod"},
		},
	}
}
