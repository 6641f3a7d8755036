package db

import (
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
)

// registerSQLite registers the functions and collations that the SQL of this package needs with the SQLite driver,
// once.
var registerSQLite = sync.OnceFunc(func() {
	sqlx.BindDriver("sqlite", sqlx.DOLLAR)
	sqlite.MustRegisterCollationUtf8("decimal", compareDecimals)
	sqlite.MustRegisterDeterministicScalarFunction("masked_number", 1, maskedInSQLite)
	sqlite.MustRegisterDeterministicScalarFunction("used_percent", 2, inSQLite(percentOf))
	sqlite.MustRegisterDeterministicScalarFunction("shared_id", 3, sharedIDInSQLite)
	sqlite.MustRegisterDeterministicScalarFunction("overage", 2, inSQLite(excess))
	sqlite.MustRegisterDeterministicScalarFunction("decimal_add", 2, addInSQLite)
	sqlite.MustRegisterFunction("decimal_sum", &sqlite.FunctionImpl{NArgs: 1, Deterministic: true, MakeAggregate: newSqliteSum})
})

// compareDecimals compares stored decimals and their sums by value. It compares other texts as strings.
func compareDecimals(a, b string) int {
	x, errX := ParseDecimal(a)
	y, errY := ParseDecimal(b)
	if errX == nil && errY == nil {
		return x.Cmp(y)
	}
	sumX, errX := ParseDecimalSum(a)
	sumY, errY := ParseDecimalSum(b)
	if errX == nil && errY == nil {
		return sumX.Cmp(sumY)
	}
	return strings.Compare(a, b)
}
