package conn

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"
)

// connectTimeout is the default time to connect to one host.
const connectTimeout = 5 * time.Second

// sessionSettings are the run-time parameters on which the SQL of db and its values as text depend. They are the same on
// every connection, regardless of roles, databases and the URL; lib/pq sets DateStyle and client_encoding. PgBouncer keeps
// all of these for each client. The search path is not set: it names the schema of the tables.
var sessionSettings = map[string]string{
	"standard_conforming_strings": "on", // ESCAPE '\' is one character
	"timezone":                    "UTC",
}

// keyValue matches libpq's form of a connection string, by the usual keys.
var keyValue = regexp.MustCompile(`(^|\s)(host|hostaddr|port|dbname|user|password|passfile|service|sslmode|options|application_name|connect_timeout|target_session_attrs)\s*=`)

// IsPostgres reports whether a text is a connection string of PostgreSQL: a URL, or libpq's key=value pairs.
func IsPostgres(text string) bool {
	scheme, _, ok := strings.Cut(text, "://")
	return ok && isPostgresScheme(scheme) || !ok && !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, ".") && keyValue.MatchString(text)
}

func isPostgresScheme(scheme string) bool { return scheme == "postgres" || scheme == "postgresql" }

// postgresConfig returns the configuration of a connection string, with the defaults of this program. Errors contain no
// password.
func postgresConfig(text string) (pq.Config, error) {
	pairs := text
	if scheme, _, _ := strings.Cut(text, "://"); isPostgresScheme(scheme) {
		var err error
		if pairs, err = pairsOf(text); err != nil {
			return pq.Config{}, err
		}
	}
	c, err := pq.NewConfig(pairs)
	switch {
	case err != nil && strings.HasPrefix(err.Error(), "pq: "):
		return pq.Config{}, fmt.Errorf("open PostgreSQL: %w", err)
	case err != nil:
		// The message may have a part of a password.
		return pq.Config{}, errors.New("open PostgreSQL: the connection string cannot be read: want key=value pairs, with values that have spaces in single quotes")
	}
	// Without it a pooler in transaction mode may give one client another's rows.
	if !strings.Contains(pairs, "binary_parameters") {
		c.BinaryParameters = true
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	if c.ApplicationName == "" {
		c.ApplicationName = "usagegraph"
	}
	if c.SSLMode == "" {
		c.SSLMode = sslMode(c)
	}
	c.TZ = ""
	for name, value := range sessionSettings {
		maps.DeleteFunc(c.Runtime, func(given, _ string) bool { return strings.EqualFold(given, name) })
		c.Runtime[name] = value
	}
	return c, nil
}

// sslMode returns the default sslmode: encryption is required unless all hosts are this machine.
func sslMode(c pq.Config) pq.SSLMode {
	hosts := append([]pq.ConfigMultihost{{Host: c.Host, Hostaddr: c.Hostaddr}}, c.Multi...)
	if slices.ContainsFunc(hosts, func(h pq.ConfigMultihost) bool {
		if h.Hostaddr.IsValid() {
			return !h.Hostaddr.Unmap().IsLoopback()
		}
		return !isThisMachine(h.Host)
	}) {
		return pq.SSLModeRequire
	}
	return pq.SSLModePrefer
}

// isThisMachine reports whether a host is a socket or a loopback address.
func isThisMachine(host string) bool {
	if host == "" || strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") {
		return true
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// pairsOf returns the key=value pairs of a URL. Unlike net/url, libpq accepts several hosts, each with its port.
func pairsOf(text string) (string, error) {
	unreadable := errors.New("open PostgreSQL: the URL cannot be read: want postgres://user@host:5432/database, with special characters as %-escapes")
	scheme, rest, _ := strings.Cut(text, "://")
	end := strings.IndexAny(rest+"/", "/?#")
	authority, tail := rest[:end], rest[end:]
	user, hosts := "", authority
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		user, hosts = authority[:at+1], authority[at+1:]
	}
	u, err := url.Parse(scheme + "://" + user + "host" + tail)
	if err != nil {
		return "", unreadable
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", unreadable
	}
	pairs := map[string]string{"user": u.User.Username(), "dbname": strings.TrimPrefix(u.Path, "/")}
	pairs["password"], _ = u.User.Password()
	if pairs["host"], pairs["port"], err = hostsOf(hosts); err != nil {
		return "", unreadable
	}
	for name := range query {
		pairs[name] = query.Get(name)
	}
	var list []string
	for name, value := range pairs {
		if value != "" {
			list = append(list, name+"='"+strings.NewReplacer(`'`, `\'`, `\`, `\\`).Replace(value)+"'")
		}
	}
	return strings.Join(list, " "), nil
}

// hostsOf returns the hosts and the ports of a list such as db1:5433,db2,[::1]:5434, each separated by commas. The ports
// are empty if the list has none.
func hostsOf(list string) (hosts, ports string, err error) {
	var allHosts, allPorts []string
	for _, one := range strings.Split(list, ",") {
		host, port := one, ""
		if colon := strings.LastIndex(one, ":"); colon > strings.LastIndex(one, "]") {
			host, port = one[:colon], one[colon+1:]
		}
		if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
			host = host[1 : len(host)-1]
		} else if strings.Contains(host, ":") {
			return "", "", errors.New("an IPv6 address without brackets")
		}
		if host, err = url.PathUnescape(host); err != nil {
			return "", "", err
		}
		allHosts, allPorts = append(allHosts, host), append(allPorts, port)
	}
	if !slices.ContainsFunc(allPorts, func(port string) bool { return port != "" }) {
		return strings.Join(allHosts, ","), "", nil
	}
	for i, port := range allPorts {
		if port == "" {
			allPorts[i] = "5432"
		}
	}
	return strings.Join(allHosts, ","), strings.Join(allPorts, ","), nil
}
