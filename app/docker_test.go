package app

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"usagegraph/db/dbtest"
)

// page returns the text of a file of the repository.
func page(t *testing.T, name string) string {
	t.Helper()
	return string(must(os.ReadFile("../" + name)))
}

// TestDockerRecipeEndsWithARunningServer runs the commands of "By Docker" in docs/running.md by the program itself, in the
// environment of Dockerfile and compose.yaml, on an empty database.
func TestDockerRecipeEndsWithARunningServer(t *testing.T) {
	t.Parallel()
	database := dbtest.Postgres(t)
	environment := os.Environ()
	for _, found := range regexp.MustCompile(`(?m)^ENV (\w+)=(\S+)$`).FindAllStringSubmatch(page(t, "Dockerfile"), -1) {
		environment = append(environment, found[1]+"="+found[2])
	}
	_, service, _ := strings.Cut(page(t, "compose.yaml"), "    environment:\n")
	service, _, _ = strings.Cut(service, "    ports:")
	for _, found := range regexp.MustCompile(`(?m)^      (\w+): (\S+)`).FindAllStringSubmatch(service, -1) {
		environment = append(environment, found[1]+"="+found[2])
	}
	for i := range environment {
		environment[i] = regexp.MustCompile(`^(ADDR|METRICS_ADDR)=0\.0\.0\.0:\d+$`).ReplaceAllString(environment[i], "$1=0.0.0.0:0")
	}
	environment = append(environment, "DATABASE_URL="+database, runMainVariable+"=yes")
	program := func(args ...string) *exec.Cmd {
		c := exec.CommandContext(t.Context(), os.Args[0], args...)
		c.Env = environment
		return c
	}
	_, recipe, _ := strings.Cut(page(t, "docs/running.md"), "**By Docker.**")
	recipe, _, _ = strings.Cut(recipe, "docker compose up")
	commands := regexp.MustCompile(`(?m)^    docker compose run --rm usagegraph (.+)$`).FindAllStringSubmatch(recipe, -1)
	if len(commands) == 0 {
		t.Fatal("the recipe has no commands")
	}
	var printed string
	for _, command := range commands {
		out, err := program(strings.Fields(command[1])...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", command[1], err, out)
		}
		printed += string(out)
	}
	server := program()
	var out syncBuffer
	server.Stderr = &out
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGTERM)
		server.Wait()
	})
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var port string
	for deadline := time.After(time.Minute); ; {
		if found := regexp.MustCompile(`:(\d+)/graphql`).FindStringSubmatch(out.String()); found != nil {
			port = found[1]
			health := program("health")
			health.Env = append(health.Env, "ADDR=0.0.0.0:"+port)
			if health.Run() == nil {
				break
			}
		}
		select {
		case <-deadline:
			t.Fatalf("the server is not healthy:\n%s", out.String())
		case <-tick.C:
		}
	}
	header := http.Header{"Authorization": {"Bearer " + secretOf.FindString(printed)}}
	for _, path := range []string{"/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D", "/schema.graphql"} {
		if status, _, body := getWithHeader(t, "http://127.0.0.1:"+port+path, header); status != http.StatusOK {
			t.Errorf("%s by the client: %d %s", path, status, body)
		}
		if status, _, _ := getWithHeader(t, "http://127.0.0.1:"+port+path, nil); status != http.StatusUnauthorized {
			t.Errorf("%s without credentials: %d", path, status)
		}
	}
}
