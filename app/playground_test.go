package app

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// browser returns the context of a headless Chromium. Without Chromium the test is skipped; in CI it fails.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		const missing = "no chromium on the PATH: install Debian's package chromium"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1400, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestPlaygroundRunsAQuery(t *testing.T) {
	database := filepath.Join(t.TempDir(), "test.db")
	if printed, err := runCommand(t, "", "--database", database, "demo"); err != nil {
		t.Fatal(err, printed)
	}
	base, _ := start(t, "--database", database)
	ctx := browser(t)
	wrong := watch(t, ctx, base)
	const answer = `__MONACO.editor.getModels().find(m => m.uri.path.endsWith('response.json'))?.getValue() ?? ''`
	err := chromedp.Do(ctx,
		chromedp.Navigate(base+"/"),
		chromedp.WaitVisible(chromedp.CSS(".graphiql-query-editor .view-line")),
		chromedp.Click(chromedp.CSS("button.graphiql-execute-button")),
	)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("("+answer+").includes('totalCount')")); err != nil {
		t.Fatal(err)
	}
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[string](answer))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"name": "Refrigeración Monte Flamboyán LLC"`, `"sum": "745.087875"`, `"unit": "MEGABYTE"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("%s is not in\n%s", want, shown)
		}
	}
	if found := wrong(); len(found) > 0 {
		t.Errorf("the page is not its own: %s", strings.Join(found, "\n"))
	}
}

func TestPlaygroundShowsTheSchemaToAClient(t *testing.T) {
	database := filepath.Join(t.TempDir(), "test.db")
	made, err := runCommand(t, "", "--database", database, "client", "create", "desk")
	if err != nil {
		t.Fatal(err)
	}
	base, _ := start(t, "--database", database)
	ctx := browser(t)
	var notice string
	err = chromedp.Do(ctx, chromedp.Navigate(base+"/"), chromedp.WaitVisible(chromedp.CSS(".schema-notice")))
	if err != nil {
		t.Fatal(err)
	}
	if notice, err = chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector('.schema-notice').textContent`)); err != nil || !strings.Contains(notice, "tab Headers") {
		t.Errorf("%q, %v", notice, err)
	}
	links, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll('a[href="schema.graphql"]').length`))
	if err != nil || links != 0 {
		t.Errorf("%d links to a schema that is not shown, %v", links, err)
	}
	const headers = `window.__MONACO?.editor.getModels().find(m => m.uri.path.endsWith('headers.json'))`
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("!!"+headers)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!"+headers+`.setValue('{"Authorization": "Bearer `+secretOf.FindString(made)+`"}')`)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(`a[href="schema.graphql"]`))); err != nil {
		t.Fatal(err)
	}
}

func TestPlaygroundDocumentationShowsEndpoints(t *testing.T) {
	base, _ := start(t, "--database", filepath.Join(t.TempDir(), "test.db"))
	ctx := browser(t)
	wrong := watch(t, ctx, base)
	err := chromedp.Do(ctx,
		chromedp.Navigate(base+"/docs"),
		chromedp.WaitVisible(chromedp.CSS(".opblock-summary-path[data-path='/customer-usage-data']")),
	)
	if err != nil {
		t.Fatal(err)
	}
	if found := wrong(); len(found) > 0 {
		t.Errorf("the page is not its own: %s", strings.Join(found, "\n"))
	}
}

// watch returns a function that returns the requests to other servers than base and the errors in the browser's
// console, such as violations of the Content-Security-Policy.
func watch(t *testing.T, ctx context.Context, base string) func() []string {
	t.Helper()
	var mu sync.Mutex
	var wrong []string
	err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme != "data" && !strings.HasPrefix(e.Request.URL, base) {
				wrong = append(wrong, "a request to "+e.Request.URL)
			}
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError {
				wrong = append(wrong, e.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(wrong)
	}
}

// TestDocumentationRequestsWorkAsTheyStand executes every request of the page without changing it.
func TestDocumentationRequestsWorkAsTheyStand(t *testing.T) {
	t.Chdir(t.TempDir())
	base, _ := start(t)
	ctx := browser(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(base+"/docs"), chromedp.WaitVisible(chromedp.CSS(".opblock"))); err != nil {
		t.Fatal(err)
	}
	const execute = `(async () => {
		const answers = {};
		for (const block of document.querySelectorAll('.opblock')) {
			const find = async (selector) => {
				for (;;) {
					const found = block.querySelector(selector);
					if (found) return found;
					await new Promise((next) => setTimeout(next, 10));
				}
			};
			for (const button of ['.opblock-summary-control', '.try-out__btn', '.execute']) (await find(button)).click();
			const status = await find('.live-responses-table .response .response-col_status, .errors');
			answers[block.querySelector('.opblock-summary-path').dataset.path] = status.textContent.trim();
		}
		return answers;
	})()`
	answers, err := chromedp.Run(ctx, chromedp.Evaluate[map[string]string](execute, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if len(answers) < 8 {
		t.Errorf("%d requests", len(answers))
	}
	for path, answer := range answers {
		want := "200"
		if path == "/tokens" {
			want = "403" // without authentication no client makes tokens
		}
		if !strings.HasPrefix(answer, want) {
			t.Errorf("%s: %s", path, answer)
		}
	}
}
