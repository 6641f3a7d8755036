package conn

import (
	"fmt"
	"strings"
	"testing"
)

func TestConnectionStringsOfPostgres(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"postgres://ann@db.example.com/usage":                                          "ann@db.example.com:5432/usage require",
		"postgresql://ann@db.example.com:5433/usage":                                   "ann@db.example.com:5433/usage require",
		"postgres://ann:s%40c'r%5Cet@db/usage":                                         "ann:s@c'r\\et@db:5432/usage require",
		"postgres://ann@db1:5433,db2:5434/usage":                                       "ann@db1:5433,db2:5434/usage require",
		"postgres://ann@db1,db2:5434/usage?target_session_attrs=read-write":            "ann@db1:5432,db2:5434/usage require",
		"postgres://ann@db1,localhost/usage":                                           "ann@db1:5432,localhost:5432/usage require",
		"postgres://ann@localhost,127.0.0.1/usage":                                     "ann@localhost:5432,127.0.0.1:5432/usage prefer",
		"postgres://ann@[2001:db8::1]:5433/usage":                                      "ann@2001:db8::1:5433/usage require",
		"postgres://ann@[::1]/usage":                                                   "ann@::1:5432/usage prefer",
		"postgres://ann@127.9.9.9/usage":                                               "ann@127.9.9.9:5432/usage prefer",
		"postgres://ann@LocalHost./usage":                                              "ann@LocalHost.:5432/usage prefer",
		"postgres://ann@db.localhost/usage":                                            "ann@db.localhost:5432/usage prefer",
		"postgres://ann@localhost/usage?sslmode=verify-full":                           "ann@localhost:5432/usage verify-full",
		"postgres://ann@localhost/usage?hostaddr=192.0.2.1":                            "ann@localhost:5432/usage require",
		"postgres://ann@db/usage?hostaddr=127.0.0.1":                                   "ann@db:5432/usage prefer",
		"postgres://ann@/usage?host=/var/run/postgresql":                               "ann@/var/run/postgresql:5432/usage disable",
		"postgres://ann@%2Fvar%2Frun/usage":                                            "ann@/var/run:5432/usage disable",
		"postgres://ann@/usage?host=db3&port=5435":                                     "ann@db3:5435/usage require",
		"host=db user=ann dbname=usage":                                                "ann@db:5432/usage require",
		"host=db1,db2 port=5433,5434 user=ann dbname=usage":                            "ann@db1:5433,db2:5434/usage require",
		"host=db1,db2 port=5433 user=ann dbname=usage":                                 "ann@db1:5433,db2:5433/usage require",
		"user = ann host = 'localhost' dbname = 'us age' password = 'it\\'s a secret'": "ann:it's a secret@localhost:5432/us age prefer",
		"dbname=usage user=ann host=127.0.0.1":                                         "ann@127.0.0.1:5432/usage prefer",
		"search_path=x host=db user=ann dbname=usage":                                  "ann@db:5432/usage require",
	} {
		if !IsPostgres(text) {
			t.Errorf("%s is no connection string", text)
			continue
		}
		c, err := postgresConfig(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		user, hosts := c.User, []string{fmt.Sprint(c.Host, ":", c.Port)}
		if c.Password != "" {
			user += ":" + c.Password
		}
		for _, m := range c.Multi {
			hosts = append(hosts, fmt.Sprint(m.Host, ":", m.Port))
		}
		if got := fmt.Sprintf("%s@%s/%s %s", user, strings.Join(hosts, ","), c.Database, c.SSLMode); got != want {
			t.Errorf("%s\n\tis   %s\n\twant %s", text, got, want)
		}
		if !c.BinaryParameters || c.ConnectTimeout == 0 || c.Runtime["timezone"] != "UTC" {
			t.Errorf("%s lacks defaults: %+v", text, c)
		}
	}
}

func TestUnreadableConnectionStringsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"postgres://ann:secret@host:port/usage", "postgres://ann:secret@host/usage?sslmode=maybe", "postgres://ann:secret@host/%zz",
		"postgres://ann:secret@::1/usage", "postgres://ann:secret@db1:1,db2:2,db3/usage?port=7,8", "postgres://ann:secret@host/usage?a=%zz",
		"host=db password=not secret", "host=db password='secret", "host=db port=many password=secret", "host=db1,db2 port=1,2,3 password=secret",
	} {
		if c, err := postgresConfig(text); err == nil || strings.Contains(err.Error(), "secret") || !strings.HasPrefix(err.Error(), "open PostgreSQL: ") {
			t.Errorf("%s: %v, %v", text, c.Host, err)
		}
	}
	for _, path := range []string{"usagegraph.db", "/data/host=1.db", "./user=x.db", "a=b.db", "a&b=c.db", "C:\\data\\x.db", "file:host.db", "sqlite://x.db"} {
		if IsPostgres(path) {
			t.Errorf("%s is taken for a connection string", path)
		}
	}
}
