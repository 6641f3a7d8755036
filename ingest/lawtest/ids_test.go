package lawtest_test

import (
	"encoding/json"
	"fmt"
)

// checkGlobalIDs returns an error if the node query does not find a subscription of an answer by its global ID.
func (c client) checkGlobalIDs(graph map[string]any) error {
	var ids []string
	for _, n := range nodes(graph, "subscriptions") {
		ids = append(ids, n["id"].(string))
	}
	list, err := json.Marshal(ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	found, err := c.graphql(fmt.Sprintf("{nodes(ids: %s) {id}}", list))
	if err != nil {
		return err
	}
	for i, n := range found["nodes"].([]any) {
		if n == nil || n.(map[string]any)["id"] != ids[i] {
			return fmt.Errorf("the id %s finds %v", ids[i], n)
		}
	}
	return nil
}
