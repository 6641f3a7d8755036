package demo_test
import ("testing";"usagegraph/db";"usagegraph/demo")
func TestZ(t *testing.T) {
 seen := map[string]bool{}
 recs := records(t, demo.Set{Customers: 20, Records: 4000}, db.BRM)
 for _, r := range decoded[usageEvent](t, demo.Set{Customers: 20, Records: 4000}, db.BRM) { if !seen[r.RelatedParty[0].Name] { seen[r.RelatedParty[0].Name]=true; t.Log(r.RelatedParty[0].Name) } }
 t.Log(string(recs[25])); t.Log(string(recs[30])); t.Log(string(recs[399]))
}
