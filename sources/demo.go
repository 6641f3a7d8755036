package sources

import "usagegraph/demo"

// Demo returns the documents of a demo data set, at most one of each system, in the order of Systems.
func Demo(set demo.Set) []demo.Document {
	var documents []demo.Document
	for _, system := range Systems() {
		if system.Demo != nil {
			documents = append(documents, system.Demo(set))
		}
	}
	return documents
}
