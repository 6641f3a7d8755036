package edge

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestRequestWhoseHeaderComesLateIsAnswered(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }),
		ReadHeaderTimeout: 2 * time.Second, IdleTimeout: 2 * time.Second, ConnState: setConnState,
	}
	go server.Serve(lateListener{listener})
	t.Cleanup(func() { server.Close() })
	const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, test := range map[string]struct {
		sent []string
		want []int
	}{
		"nothing":                     {nil, []int{408}},
		"a part of the header":        {[]string{"GET / HTTP/1.1\r\nHo"}, []int{408}},
		"a request":                   {[]string{request}, []int{200}},
		"a request and a part of one": {[]string{request, "GET / HT"}, []int{200, 408}},
		"two requests":                {[]string{request, request}, []int{200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			answers := bufio.NewReader(conn)
			for i, want := range test.want {
				if i < len(test.sent) {
					if _, err := io.WriteString(conn, test.sent[i]); err != nil {
						t.Fatal(err)
					}
				}
				answer, err := http.ReadResponse(answers, nil)
				if err != nil {
					t.Fatalf("answer %d: %v", i, err)
				}
				io.Copy(io.Discard, answer.Body)
				if answer.StatusCode != want || answer.Close != (want == http.StatusRequestTimeout) {
					t.Errorf("answer %d: %d, closes %v", i, answer.StatusCode, answer.Close)
				}
			}
			if rest, err := io.ReadAll(answers); len(rest) > 0 {
				t.Errorf("after the answers: %q, %v", rest, err)
			}
		})
	}
}
