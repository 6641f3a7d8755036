package elevate_test

import (
	"fmt"

	"usagegraph/sources/elevate"
)

// ExampleSource decodes a record. The region makes an international number of the national one.
func ExampleSource() {
	source, err := elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})
	if err != nil {
		panic(err)
	}
	record, err := source.Decode([]byte(`{"id": 1, "customerId": 17, "eventDate": "2025-01-31T22:15:00Z", "serviceId": "020 7946 0124"}`))
	if err != nil {
		panic(err)
	}
	fmt.Println(record.Customer.ID, record.Subscription.Number, record.Usage.EventTime.Format("2006-01-02"))
	_, err = source.Decode([]byte(`{"id": 1}`))
	fmt.Println(err)
	// Output:
	// 17 +442079460124 2025-01-31
	// eventDate: missing
}
