package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestServerIsReachedThroughTheProxiesOfDeploy runs each proxy with its configuration from deploy, in which only
// addresses and certificates are replaced.
func TestServerIsReachedThroughTheProxiesOfDeploy(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	if printed, err := runCommand(t, "", "--database", database, "import", "brm", sample(t, "brm/sample")); err != nil {
		t.Fatal(err, printed)
	}
	made, err := runCommand(t, "", "--database", database, "client", "create", "shop")
	if err != nil {
		t.Fatal(err)
	}
	base, _ := start(t, "--database", database, "--trusted-proxies", "127.0.0.1")
	server := strings.TrimPrefix(base, "http://")
	for name, proxy := range map[string]struct {
		config  string
		replace func(address, folder string) *strings.Replacer
		command func(config, folder string) []string
	}{
		"nginx": {"nginx.conf", func(address, folder string) *strings.Replacer {
			return strings.NewReplacer("127.0.0.1:8080", server, "listen 443", "listen "+address,
				"/etc/ssl/usagegraph.pem", folder+"/both.pem", "/etc/ssl/private/usagegraph.key", folder+"/both.pem")
		}, func(config, folder string) []string {
			main := fmt.Sprintf("daemon off; pid %[1]s/pid; error_log stderr; events {} http { client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy;"+
				" fastcgi_temp_path %[1]s/a; uwsgi_temp_path %[1]s/b; scgi_temp_path %[1]s/c; include %[2]s; }", folder, config)
			return []string{"-c", writeFile(t, folder, "main.conf", main), "-p", folder, "-e", "stderr"}
		}},
		"caddy": {"Caddyfile", func(address, folder string) *strings.Replacer {
			return strings.NewReplacer("127.0.0.1:8080", server,
				"usage.example.com {", "https://"+address+" {\n\ttls "+folder+"/both.pem "+folder+"/both.pem")
		}, func(config, folder string) []string {
			text := "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + string(must(os.ReadFile(config)))
			return []string{"run", "--adapter", "caddyfile", "--config", writeFile(t, folder, "Caddyfile.main", text)}
		}},
		"haproxy": {"haproxy.cfg", func(address, folder string) *strings.Replacer {
			return strings.NewReplacer("127.0.0.1:8080", server, "bind :443", "bind "+address, "/etc/haproxy/usagegraph.pem", folder+"/both.pem")
		}, func(config, _ string) []string { return []string{"-db", "-f", config} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath(name)
			if err != nil && os.Getenv("CI") != "true" {
				t.Skip(name + " is not installed")
			}
			folder, address := t.TempDir(), fmt.Sprint("127.0.0.1:", freePort(t))
			writeFile(t, folder, "both.pem", selfSigned(t))
			config := writeFile(t, folder, proxy.config, proxy.replace(address, folder).Replace(string(must(os.ReadFile(filepath.Join("..", "deploy", proxy.config))))))
			var out syncBuffer
			running := exec.Command(program, proxy.command(config, folder)...)
			running.Stdout, running.Stderr = &out, &out
			running.Env = append(os.Environ(), "HOME="+folder, "XDG_DATA_HOME="+folder, "XDG_CONFIG_HOME="+folder)
			if err := running.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				running.Process.Signal(os.Interrupt)
				running.Wait()
				if t.Failed() {
					t.Log(out.String())
				}
			})
			checkProxy(t, "https://"+address, clientID.FindString(made), secretOf.FindString(made))
		})
	}
}

// checkProxy waits for the proxy and checks requests through it.
func checkProxy(t *testing.T, base, id, secret string) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport}
	request := func(path string, header http.Header) (*http.Response, string, error) {
		r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil))
		r.Header = header
		answer, err := client.Do(r)
		if err != nil {
			return nil, "", err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		return answer, string(body), err
	}
	bearer := http.Header{"Authorization": {"Bearer " + secret}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var answer *http.Response
	var body string
	var err error
	for deadline := time.After(30 * time.Second); answer == nil || answer.StatusCode != http.StatusOK; {
		select {
		case <-deadline:
			t.Fatalf("no answer through the proxy: %v %v %s", err, answer, body)
		case <-tick.C:
		}
		answer, body, err = request("/graphql?query=%7B__typename%7D", bearer)
	}
	if answer.Header.Get("X-Request-Id") == "" {
		t.Error("no request id")
	}
	answer, body, err = request("/brm/usageManagement/v4/usage?limit=1", http.Header{"client_id": {id}, "client_secret": {secret}})
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(body, `"href":"`+base+`/brm/`) {
		t.Errorf("client_id and client_secret: %v %v %.300s", err, answer, body)
	}
	for _, path := range []string{"/readyz", "/livez"} {
		if answer, body, err := request(path, bearer); err != nil || answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %v %s", path, err, body)
		}
	}
}

// writeFile writes a file of a folder and returns its path.
func writeFile(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// selfSigned returns a certificate for 127.0.0.1 and its key as PEM.
func selfSigned(t *testing.T) string {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	certificate := must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
	private := must(x509.MarshalPKCS8PrivateKey(key))
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}
